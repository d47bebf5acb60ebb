package com.foobar.kernel.config;

import java.util.Optional;

/**
 * One key a file may have.
 *
 * @param key dotted, {@code *} for a name chosen by the user and for the items of a list
 * @param type in words
 * @param standard the built-in default
 * @param section whether keys stand below it; its own doc then speaks for all of them
 */
public record KeyDoc(
        String key, String type, String doc, Optional<String> standard, boolean required, boolean section) {}
