package com.foobar.appserver.deploy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an application stands, for people and for the topology.
 *
 * @param version counts the attempts to start it, from 1
 * @param generation of the version that runs; empty when none does
 * @param problem why the last attempt failed; empty when it did not
 */
public record ApplicationState(
        String name,
        String contextPath,
        Status status,
        int version,
        String generation,
        String problem,
        Instant since,
        int inFlight) {

    public enum Status {
        /** For the first time; nothing runs yet. */
        STARTING,
        RUNNING,
        /** The old version runs while the new one starts. */
        UPDATING,
        /** The old version runs, because the new one failed. */
        OUTDATED,
        /** Nothing runs. */
        FAILED
    }

    boolean up() {
        return status == Status.RUNNING || status == Status.UPDATING || status == Status.OUTDATED;
    }

    /** As JSON shows it. */
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", name);
        facts.put("path", contextPath);
        facts.put("state", status.name().toLowerCase(java.util.Locale.ROOT));
        facts.put("version", version);
        facts.put("environment", generation);
        facts.put("problem", problem);
        facts.put("since", since.toString());
        facts.put("inFlight", inFlight);
        return facts;
    }
}
