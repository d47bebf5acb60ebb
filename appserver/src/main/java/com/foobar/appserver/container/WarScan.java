package com.foobar.appserver.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads from an unpacked application what {@link Detection} decides by. */
public final class WarScan {
    private static final byte[] JAVAX = "javax/servlet/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JAKARTA = "jakarta/servlet/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JAVAX_SOCKET = "javax/websocket/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JAKARTA_SOCKET = "jakarta/websocket/".getBytes(StandardCharsets.US_ASCII);
    /** Larger ones are generated tables, and hold nothing that smaller ones do not. */
    private static final int MOST_BYTES = 1 << 20;

    private WarScan() {}

    public static Detection.Facts read(Path root) throws IOException {
        Path inside = root.resolve("WEB-INF");
        String namespace = null;
        String version = null;
        Path descriptor = inside.resolve("web.xml");
        if (Files.isRegularFile(descriptor)) {
            String[] told = descriptor(descriptor);
            namespace = told[0] == null ? "" : told[0];
            version = told[1];
        }
        return new Detection.Facts(
                namespace, version, classes(inside.resolve("classes")), libraries(inside.resolve("lib")));
    }

    /** Namespace and version of the outermost element. Nothing outside the file is read, whatever it asks for. */
    private static @Nullable String[] descriptor(Path file) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                    return new @Nullable String[] {reader.getNamespaceURI(), reader.getAttributeValue(null, "version")};
                }
            }
            throw new IOException("WEB-INF/web.xml has no element");
        } catch (XMLStreamException broken) {
            throw new IOException("WEB-INF/web.xml cannot be read: " + broken.getMessage(), broken);
        }
    }

    private static Detection.Mentions classes(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Detection.Mentions.NONE;
        }
        Detection.Mentions found = Detection.Mentions.NONE;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(".class") && Files.isRegularFile(file)) {
                    try (InputStream in = Files.newInputStream(file)) {
                        found = found.and(mentions(in.readNBytes(MOST_BYTES)));
                    }
                }
                if (found.complete()) {
                    break;
                }
            }
        }
        return found;
    }

    private static Detection.Mentions libraries(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Detection.Mentions.NONE;
        }
        List<Path> jars;
        try (Stream<Path> files = Files.list(folder)) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
        Detection.Mentions found = Detection.Mentions.NONE;
        for (Path jar : jars) {
            if (!found.complete()) {
                found = found.and(jar(jar));
            }
        }
        return found;
    }

    private static Detection.Mentions jar(Path jar) throws IOException {
        Detection.Mentions found = Detection.Mentions.NONE;
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements() && !found.complete(); ) {
                ZipEntry entry = all.nextElement();
                if (entry.getName().endsWith(".class")) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        found = found.and(mentions(in.readNBytes(MOST_BYTES)));
                    }
                }
            }
            return found;
        } catch (IOException broken) {
            throw new IOException(
                    "WEB-INF/lib/" + jar.getFileName() + " cannot be read: " + broken.getMessage(), broken);
        }
    }

    /** Names of classes stand in the constant pool as they are. */
    static Detection.Mentions mentions(byte[] classFile) {
        return new Detection.Mentions(
                contains(classFile, JAVAX),
                contains(classFile, JAKARTA),
                contains(classFile, JAVAX_SOCKET) || contains(classFile, JAKARTA_SOCKET));
    }

    private static boolean contains(byte[] where, byte[] what) {
        int last = where.length - what.length;
        for (int at = 0; at <= last; at++) {
            int same = 0;
            while (same < what.length && where[at + same] == what[same]) {
                same++;
            }
            if (same == what.length) {
                return true;
            }
        }
        return false;
    }
}
