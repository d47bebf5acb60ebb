package com.foobar.appserver;

import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Range;

/** The {@code appserver} section. */
public record AppserverSettings(
        @Doc("The port of the first application server on a machine; further ones take the ports after it.")
                @Default("8091")
                @Range(min = 1, max = 65_535, of = "a port")
                int port) {}
