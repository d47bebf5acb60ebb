package com.foobar.kernel.metrics;

/** A metric that goes away before the process does: closing takes it out of the next scrape. May be closed twice. */
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
