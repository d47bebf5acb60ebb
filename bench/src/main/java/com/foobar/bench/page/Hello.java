package com.foobar.bench.page;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The least that a servlet can do: what is measured with it is the server around it. */
public final class Hello extends HttpServlet {

    /** Thirteen bytes. */
    private static final byte[] TEXT = "Hello, world\n".getBytes(StandardCharsets.US_ASCII);

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.setContentLength(TEXT.length);
        response.getOutputStream().write(TEXT);
    }
}
