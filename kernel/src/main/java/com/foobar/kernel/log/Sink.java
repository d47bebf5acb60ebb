package com.foobar.kernel.log;

/** Where events end. Called by one thread at a time. */
@FunctionalInterface
interface Sink<E> {

    void write(E event);

    /** Called when the queue has run empty: the moment to hand on what was gathered. */
    default void flush() {}

    default void close() {}
}
