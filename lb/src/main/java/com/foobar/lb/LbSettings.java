package com.foobar.lb;

import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Range;

/** The {@code lb} section. */
public record LbSettings(
        @Doc("The port for plain HTTP; 0 turns it off.") @Default("8080") @Range(min = 0, max = 65_535, of = "a port")
                int http,
        @Doc("The port for HTTPS and HTTP/2; 0 turns it off.")
                @Default("8443")
                @Range(min = 0, max = 65_535, of = "a port")
                int https) {}
