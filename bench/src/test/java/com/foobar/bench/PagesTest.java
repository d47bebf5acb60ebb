package com.foobar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.bench.page.Hello;
import com.foobar.bench.page.Row;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The web application that is packed while the bench runs. */
class PagesTest {

    @TempDir
    Path folder;

    /** Whatever else they named would be missing in the application server and not in Tomcat, which has the bench's class path. */
    @Test
    void theServletsNeedNothingButTheJdkAndTheServletInterface() throws Exception {
        try (ZipFile war = war()) {
            ClassLoader application = new FromWar(war);
            for (Class<?> page : List.of(Hello.class, Row.class)) {
                Class<?> packed = application.loadClass(page.getName());

                assertThat(packed.getClassLoader()).isSameAs(application);
                assertThat(packed.getDeclaredConstructor().newInstance()).isInstanceOf(HttpServlet.class);
                assertThat(packed.getDeclaredMethods()).isNotEmpty();
            }
        }
    }

    @Test
    void theDescriptorNamesTheServletsAndTheirPaths() throws IOException {
        try (ZipFile war = war();
                InputStream in = war.getInputStream(war.getEntry("WEB-INF/web.xml"))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(
                            "version=\"6.0\"",
                            "<servlet-class>com.foobar.bench.page.Hello<",
                            "<servlet-class>com.foobar.bench.page.Row<",
                            "<url-pattern>/hello<",
                            "<url-pattern>/row<");
        }
    }

    private ZipFile war() throws IOException {
        return new ZipFile(
                Pages.deploy(folder.resolve("apps")).resolve("ROOT.war").toFile());
    }

    /** As a container's loader: the application's own classes, and above it only what every container has. */
    private static final class FromWar extends ClassLoader {
        private final ZipFile war;

        FromWar(ZipFile war) {
            super(ClassLoader.getPlatformClassLoader());
            this.war = war;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("jakarta.servlet.")) {
                return PagesTest.class.getClassLoader().loadClass(name);
            }
            String entry = "WEB-INF/classes/" + name.replace('.', '/') + ".class";
            if (war.getEntry(entry) == null) {
                throw new ClassNotFoundException(name);
            }
            try (InputStream in = war.getInputStream(war.getEntry(entry))) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
