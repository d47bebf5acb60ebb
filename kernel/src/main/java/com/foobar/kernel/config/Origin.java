package com.foobar.kernel.config;

/** Where a value came from, so that an error can name the place to mend. */
public sealed interface Origin {

    /** For people: {@code conf/demo.yaml:12}. */
    String text();

    /** A line of a file, counted from one. */
    record File(String name, int line) implements Origin {
        @Override
        public String text() {
            return name + ":" + line;
        }
    }

    /** An environment variable. */
    record Variable(String name) implements Origin {
        @Override
        public String text() {
            return "environment " + name;
        }
    }

    /** An option of the command line, without its value: the value may be a secret. */
    record Flag(String text) implements Origin {}

    /** A default of the program. */
    record BuiltIn() implements Origin {
        @Override
        public String text() {
            return "built-in";
        }
    }
}
