package com.foobar.kernel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which instance of the topology an event belongs to: {@code lb1}. */
final class Owner {

    /** The MDC key a role sets where its work runs on threads that are not named after it. */
    static final String KEY = "role";

    /** For events of no role: the launcher's own, and foreign libraries' threads. */
    static final String NOBODY = "foobar";

    /** What {@code Threads} makes: owner, purpose, number. */
    private static final Pattern THREAD = Pattern.compile("([a-z][a-z0-9-]*)-[a-z]+-\\d+");

    private Owner() {}

    static String of(ILoggingEvent event) {
        Map<String, String> context = event.getMDCPropertyMap();
        String said = context == null ? null : context.get(KEY);
        return said != null ? said : ofThread(event.getThreadName());
    }

    static String ofThread(String thread) {
        Matcher matcher = THREAD.matcher(thread);
        return matcher.matches() ? matcher.group(1) : NOBODY;
    }
}
