package com.foobar.kernel.config;

/**
 * One thing that is wrong, where it is wrong, and what was expected.
 *
 * @param key the dotted key, or empty when the text as a whole is meant
 */
public record Problem(Severity severity, Origin origin, String key, String message) {

    /** One line for people: {@code conf/demo.yaml:12: lb.prot: unknown key, did you mean lb.port?} */
    public String line() {
        return origin.text() + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }

    @Override
    public String toString() {
        return line();
    }
}
