package com.foobar.appserver.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.War;
import com.foobar.http.transport.Fabric;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old and new applications side by side in one server, each with JSP, JSTL, sessions and JNDI. */
class GenerationsTest {
    @TempDir
    Path folder;

    private War war(Generation generation) {
        String namespace =
                switch (generation) {
                    case EE8 -> "xmlns=\"http://xmlns.jcp.org/xml/ns/javaee\" version=\"4.0\"";
                    case EE10 -> "xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\"";
                    case EE11 -> "xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.1\"";
                };
        String core = generation == Generation.EE8 ? "http://java.sun.com/jsp/jstl/core" : "jakarta.tags.core";
        return War.of(generation)
                .file("WEB-INF/web.xml", "<?xml version=\"1.0\"?><web-app " + namespace + "></web-app>")
                .file(
                        "page.jsp",
                        "<%@ page contentType=\"text/plain; charset=UTF-8\" %><%@ taglib prefix=\"c\" uri=\"" + core
                                + "\" %><c:forEach begin=\"1\" end=\"3\" var=\"i\">[${i * 2}]</c:forEach>")
                .file("static.txt", "a file")
                .servlet(
                        "Session",
                        "/session",
                        """
                        HttpSession session = request.getSession();
                        Integer n = (Integer) session.getAttribute("n");
                        n = n == null ? 1 : n + 1;
                        session.setAttribute("n", n);
                        response.getWriter().print(n);
                        """)
                .servlet(
                        "Jndi",
                        "/jndi",
                        """
                        response.getWriter().print(new javax.naming.InitialContext().lookup("java:comp/env/text/motto"));
                        """)
                .servlet(
                        "Version",
                        "/version",
                        """
                        ServletContext context = getServletContext();
                        response.getWriter().print(context.getMajorVersion() + "." + context.getMinorVersion());
                        """);
    }

    @Test
    void runSideBySide() throws Exception {
        Resources resources = application -> Map.of("text/motto", "of " + application);
        Container.Hooks hooks = new Container.Hooks(Sessions.IN_MEMORY, resources, RequestHook.NONE);
        try (Rig rig = new Rig(Fabric.Kind.AUTO, folder, hooks, 20)) {
            for (Generation one : Generation.values()) {
                Path root = war(one).unpacked(Files.createDirectory(folder.resolve(one.word())));
                assertThat(Detection.decide(null, WarScan.read(root)).generation())
                        .isEqualTo(one);
                rig.deploy(one.word(), one, root);
            }
            for (Generation one : Generation.values()) {
                String at = "/" + one.word();
                assertThat(get(rig, at + "/page.jsp").text().strip()).isEqualTo("[2][4][6]");
                assertThat(get(rig, at + "/static.txt").text()).isEqualTo("a file");
                assertThat(get(rig, at + "/jndi").text()).isEqualTo("of " + one.word());
                assertThat(get(rig, at + "/version").text())
                        .isEqualTo(List.of("4.0", "6.0", "6.1").get(one.ordinal()));
                RawResponse first = get(rig, at + "/session");
                assertThat(first.text()).isEqualTo("1");
                String cookie = String.valueOf(first.header("Set-Cookie")).replaceFirst(";.*", "");
                assertThat(get(rig, at + "/session", "Cookie: " + cookie).text())
                        .isEqualTo("2");
                assertThat(first.header("X-Served-By")).isEqualTo("app1");
            }
        }
    }

    private static RawResponse get(Rig rig, String path, String... fields) {
        try (RawHttp client = rig.client()) {
            String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
            return client.send("GET " + path + " HTTP/1.1\r\nHost: www.foobar.com\r\n" + more + "\r\n")
                    .response();
        }
    }
}
