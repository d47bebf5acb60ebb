package com.foobar.site;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Instant;

/** One entry of the guest book. Public with getters because the page's expression language asks for them. */
public record Message(long id, String text, Instant written) {

    public long getId() {
        return id;
    }

    public String getText() {
        return text;
    }

    public Instant getWritten() {
        return written;
    }

    JsonObject toJson() {
        return Json.createObjectBuilder()
                .add("id", id)
                .add("text", text)
                .add("written", written.toString())
                .build();
    }
}
