package com.foobar.kernel.config;

/** One key whose value differs between two configurations; empty text where it was not set; secrets masked. */
public record Difference(String key, String before, String after) {
    @Override
    public String toString() {
        return key + ": " + before + " -> " + after;
    }
}
