package com.foobar.database.model;

/** One part of a plan, as a sentence. {@code irreversible}: from here on there is no way back, only forward. */
public record Step(String name, String what, boolean irreversible) {
    @Override
    public String toString() {
        return name + ": " + what + (irreversible ? "   <- point of no return" : "");
    }
}
