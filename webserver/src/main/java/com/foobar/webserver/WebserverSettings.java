package com.foobar.webserver;

import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Range;

/** The {@code webserver} section. */
public record WebserverSettings(
        @Doc("The port of the first web server on a machine; further ones take the ports after it.")
                @Default("8081")
                @Range(min = 1, max = 65_535, of = "a port")
                int port) {}
