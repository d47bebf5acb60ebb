package com.foobar.database;

import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Range;
import java.util.Optional;

/** The {@code database-cluster} section. */
public record DatabaseSettings(
        @Doc("The port of the first database node on a machine; further ones take the ports after it.")
                @Default("33061")
                @Range(min = 1, max = 65_535, of = "a port")
                int port,
        @Doc(
                        "The server that votes without holding data when the database servers are even in number; by default a balancer's.")
                Optional<String> witness) {}
