package com.foobar.launcher.admin;

import java.util.Map;

/** What the admin port says to one request. */
record Answer(int status, String type, String body, Map<String, String> headers) {

    static Answer text(int status, String text) {
        return new Answer(status, "text/plain; charset=utf-8", text + "\n", Map.of());
    }

    static Answer json(int status, String json) {
        return new Answer(status, "application/json", json + "\n", Map.of());
    }

    Answer with(String header, String value) {
        return new Answer(status, type, body, Map.of(header, value));
    }
}
