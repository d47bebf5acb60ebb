package com.foobar.appserver;

import com.foobar.appserver.container.Generation;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A web application that a test writes, compiled as its developers would, against the API of its generation. */
public final class War {
    private final Generation generation;
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();

    private War(Generation generation) {
        this.generation = generation;
    }

    public static War of(Generation generation) {
        return new War(generation);
    }

    /** Where {@code mvn} put what the distribution has in lib/. */
    public static Path environments() {
        String folder = System.getProperty("foobar.environments");
        if (folder == null) {
            throw new IllegalStateException("the tests of appserver run in Maven, which tells where lib/ee10 is");
        }
        return Path.of(folder);
    }

    /** A file by its path in the WAR. */
    public War file(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /**
     * A class; {@code SERVLET} in its text stands for javax.servlet or jakarta.servlet, {@code WEBSOCKET} for the package of
     * WebSocket.
     */
    public War java(String name, String source) {
        String world = generation == Generation.EE8 ? "javax" : "jakarta";
        sources.put(name, source.replace("SERVLET", world + ".servlet").replace("WEBSOCKET", world + ".websocket"));
        return this;
    }

    /** A servlet that answers every method; the body has {@code request}, {@code response} and may throw. */
    public War servlet(String name, String pattern, String body) {
        return java(
                name,
                """
                import SERVLET.*;
                import SERVLET.annotation.*;
                import SERVLET.http.*;
                import java.io.*;
                import java.util.*;
                @WebServlet(urlPatterns = "%s", asyncSupported = true)
                @MultipartConfig(maxFileSize = 100000, maxRequestSize = 200000, fileSizeThreshold = 1000)
                public class %s extends HttpServlet {
                    @Override
                    protected void service(HttpServletRequest request, HttpServletResponse response)
                            throws ServletException, IOException {
                        try {
                            %s
                        } catch (Exception other) {
                            if (other instanceof IOException) throw (IOException) other;
                            if (other instanceof RuntimeException) throw (RuntimeException) other;
                            throw new ServletException(other);
                        }
                    }
                }
                """
                        .formatted(pattern, name, body));
    }

    /** Writes it beside its place and moves it there, as those do who deploy with care. */
    public Path to(Path war) throws IOException {
        Path part = war.resolveSibling(war.getFileName() + ".part");
        try (OutputStream out = Files.newOutputStream(part);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> one : contents().entrySet()) {
                zip.putNextEntry(new ZipEntry(one.getKey()));
                zip.write(one.getValue());
                zip.closeEntry();
            }
        }
        return Files.move(part, war, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** As a folder. */
    public Path unpacked(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> one : contents().entrySet()) {
            Path file = folder.resolve(one.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, one.getValue());
        }
        return folder;
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> all = new LinkedHashMap<>(files);
        if (!sources.isEmpty()) {
            all.putAll(compiled());
        }
        return all;
    }

    private Map<String, byte[]> compiled() throws IOException {
        Path out = Files.createTempDirectory("war-classes");
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((name, text) -> units.add(new Source(name, text)));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        List<String> options =
                List.of("-d", out.toString(), "-classpath", classPath(), "-proc:none", "--release", "17");
        if (!compiler.getTask(complaints, null, null, options, null, units).call()) {
            throw new IOException("the test's application does not compile:\n" + complaints);
        }
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                classes.put("WEB-INF/classes/" + out.relativize(file), Files.readAllBytes(file));
            }
        }
        return classes;
    }

    private String classPath() throws IOException {
        try (Stream<Path> jars = Files.list(environments().resolve(generation.word()))) {
            return String.join(":", jars.map(Path::toString).toList());
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
