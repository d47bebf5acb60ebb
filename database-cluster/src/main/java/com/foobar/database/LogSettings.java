package com.foobar.database;

import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import java.time.Duration;

/** The {@code database-cluster.logs} section. */
public record LogSettings(
        @Doc(
                        "How long a node keeps binary logs that all nodes have applied; as far back from now a restore to a point in time can go.")
                @Default("3d")
                Duration keep) {}
