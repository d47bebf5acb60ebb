package com.foobar.database.embedded;

import java.nio.file.Path;

/** A node's certificate, its key, and who must have signed those of others: PEM files. */
public record NodeTls(Path certificate, Path key, Path authority) {}
