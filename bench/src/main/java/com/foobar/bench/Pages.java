package com.foobar.bench;

import com.foobar.bench.page.Hello;
import com.foobar.bench.page.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What application servers are asked for, and the web application that answers it: the very classes Tomcat runs, in a WAR. */
final class Pages {

    static final String HELLO = "/hello";
    static final String ROW = "/row";

    private static final List<Class<?>> CLASSES = List.of(Hello.class, Row.class);

    /**
     * The root answers too, because balancers ask for it whether a server is well. No resource is demanded: hello is
     * measured without a database too.
     */
    private static final String DESCRIPTOR =
            """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
              <servlet>
                <servlet-name>hello</servlet-name>
                <servlet-class>%s</servlet-class>
                <load-on-startup>1</load-on-startup>
              </servlet>
              <servlet>
                <servlet-name>row</servlet-name>
                <servlet-class>%s</servlet-class>
                <load-on-startup>1</load-on-startup>
              </servlet>
              <servlet-mapping>
                <servlet-name>hello</servlet-name>
                <url-pattern>%s</url-pattern>
                <url-pattern></url-pattern>
              </servlet-mapping>
              <servlet-mapping>
                <servlet-name>row</servlet-name>
                <url-pattern>%s</url-pattern>
              </servlet-mapping>
            </web-app>
            """
                    .formatted(Hello.class.getName(), Row.class.getName(), HELLO, ROW);

    private Pages() {}

    /** @param folder where application servers look for applications; made if it is not there */
    static Path deploy(Path folder) {
        try {
            Files.createDirectories(folder);
            Path war = folder.resolve("ROOT.war");
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war))) {
                entry(zip, "WEB-INF/web.xml", DESCRIPTOR.getBytes(StandardCharsets.UTF_8));
                for (Class<?> one : CLASSES) {
                    String name = one.getName().replace('.', '/') + ".class";
                    entry(zip, "WEB-INF/classes/" + name, bytes(one, "/" + name));
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("no application in " + folder, e);
        }
    }

    private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    private static byte[] bytes(Class<?> one, String name) throws IOException {
        try (InputStream in = one.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("not on the class path: " + name);
            }
            return in.readAllBytes();
        }
    }
}
