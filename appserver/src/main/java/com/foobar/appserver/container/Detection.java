package com.foobar.appserver.container;

import org.jspecify.annotations.Nullable;

/**
 * PURE. Which generation an application is written for, from what is in it. Its own classes tell most: descriptors are copied
 * from project to project and stay old, libraries often serve both worlds.
 */
public final class Detection {
    private static final String JAKARTA = "https://jakarta.ee/xml/ns/jakartaee";

    private Detection() {}

    /** Which of the two worlds some class files name, and whether they name anything of WebSocket in either. */
    public record Mentions(boolean javax, boolean jakarta, boolean webSocket) {
        static final Mentions NONE = new Mentions(false, false, false);

        Mentions and(Mentions other) {
            return new Mentions(javax || other.javax, jakarta || other.jakarta, webSocket || other.webSocket);
        }

        boolean both() {
            return javax && jakarta;
        }

        /** Nothing is left to be found. */
        boolean complete() {
            return both() && webSocket;
        }
    }

    /**
     * What was found in an application.
     *
     * @param namespace of web.xml; null without one, empty for one that has none, as those with a DTD
     * @param version of web.xml
     * @param classes what WEB-INF/classes names
     * @param libraries what the jars in WEB-INF/lib name
     */
    public record Facts(@Nullable String namespace, @Nullable String version, Mentions classes, Mentions libraries) {

        /** Whether the application can have WebSockets: each request passes a filter for them, which is not cheap. */
        public boolean webSocket() {
            return classes.webSocket() || libraries.webSocket();
        }
    }

    /** What was decided, and the reason in words for the log. */
    public record Decision(Generation generation, String because) {}

    public static Decision decide(@Nullable Generation ordered, Facts facts) {
        if (ordered != null) {
            return new Decision(ordered, "the configuration says so");
        }
        String namespace = facts.namespace();
        Mentions classes = facts.classes();
        if (classes.javax() && !classes.jakarta()) {
            return new Decision(Generation.EE8, "its classes use javax.servlet");
        }
        if (classes.jakarta() && !classes.javax()) {
            return jakarta(facts, "its classes use jakarta.servlet");
        }
        if (namespace != null) {
            return namespace.equals(JAKARTA)
                    ? jakarta(facts, "its web.xml is of jakarta.ee")
                    : new Decision(Generation.EE8, "its web.xml is of the time before jakarta.ee");
        }
        Mentions libraries = facts.libraries();
        if (libraries.javax() && !libraries.jakarta()) {
            return new Decision(Generation.EE8, "its libraries use javax.servlet");
        }
        if (libraries.both() || classes.both()) {
            return new Decision(Generation.EE11, "it uses both javax.servlet and jakarta.servlet");
        }
        return libraries.jakarta()
                ? new Decision(Generation.EE11, "its libraries use jakarta.servlet")
                : new Decision(Generation.EE11, "nothing in it tells, so the newest");
    }

    /** Servlet 6.1 took away what was deprecated, so what declares an older one gets the older one. */
    private static Decision jakarta(Facts facts, String because) {
        String version = facts.version();
        if (JAKARTA.equals(facts.namespace()) && version != null && (version.equals("5.0") || version.equals("6.0"))) {
            return new Decision(Generation.EE10, because + " and its web.xml says version " + version);
        }
        return new Decision(Generation.EE11, because);
    }
}
