package com.foobar.http.pool;

import java.util.function.UnaryOperator;

/** An immutable value that every request reads and that changes rarely, one step at a time. */
final class Cell<T> {
    private volatile T value;

    Cell(T value) {
        this.value = value;
    }

    T get() {
        return value;
    }

    /** Applies the step; true if it changed anything. */
    synchronized boolean change(UnaryOperator<T> step) {
        T before = value;
        T after = step.apply(before);
        value = after;
        return !after.equals(before);
    }

    /** Applies the step and returns what it made. */
    synchronized T changed(UnaryOperator<T> step) {
        T after = step.apply(value);
        value = after;
        return after;
    }
}
