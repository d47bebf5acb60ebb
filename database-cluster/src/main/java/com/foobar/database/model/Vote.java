package com.foobar.database.model;

import org.jspecify.annotations.Nullable;

/** What one designated acker could testify. {@code received} is null when it said nothing. */
public record Vote(NodeName acker, Standing standing, @Nullable Position received, String why) {

    /** What the testimony is worth. */
    public enum Standing {
        /** Holds everything it acknowledged, and can acknowledge no more. */
        SOUND,
        /** Answers, but its relay log began anew since its acknowledgements were recorded. */
        RESTARTED,
        /** Answers, but its receiver is not yet stopped by this term. */
        LOOSE,
        SILENT
    }

    @Override
    public String toString() {
        return acker + " " + standing + (received == null ? "" : " at " + received) + " (" + why + ")";
    }
}
