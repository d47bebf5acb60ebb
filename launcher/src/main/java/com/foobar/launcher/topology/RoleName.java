package com.foobar.launcher.topology;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The four roles, from the front door inwards, with the word the file uses and the short one people type. */
public enum RoleName {
    LB("lb", "lb"),
    WEBSERVER("webserver", "web"),
    APPSERVER("appserver", "app"),
    DATABASE_CLUSTER("database-cluster", "db");

    private final String word;
    private final String shortName;

    RoleName(String word, String shortName) {
        this.word = word;
        this.shortName = shortName;
    }

    public String word() {
        return word;
    }

    /** Also the stem of instance names: {@code web1}, {@code web2}. */
    public String shortName() {
        return shortName;
    }

    /** Either name, any case. */
    public static RoleName parse(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(role -> role.word.equals(wanted) || role.shortName.equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("one of " + words()));
    }

    public static String words() {
        return Arrays.stream(values()).map(RoleName::word).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return word;
    }
}
