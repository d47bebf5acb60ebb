package com.foobar.site;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to write, checked.
 *
 * @param key made of the sender's Idempotency-Key: who sends it again means the same entry
 */
record Entry(String text, Optional<byte[]> key) {
    static final int LONGEST_TEXT = 2000;
    static final int LONGEST_BODY = 16 * 1024;
    static final int LONGEST_KEY = 255;

    /** Reads an entry out of a request, or says what is wrong with it. */
    static Entry of(HttpServletRequest request) throws Complaint, IOException {
        requireSameSite(request.getHeader("Sec-Fetch-Site"), request.getHeader("Origin"), request.getHeader("Host"));
        requireJson(request.getContentType());
        if (request.getContentLengthLong() > LONGEST_BODY) {
            throw tooLarge();
        }
        byte[] body = request.getInputStream().readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            throw tooLarge();
        }
        return new Entry(text(body), key(request.getHeader("Idempotency-Key")));
    }

    /**
     * A page of another site may not write in its visitor's name. Browsers say where a request comes from; who is no browser says nothing
     * and has no visitor.
     */
    static void requireSameSite(@Nullable String fetchSite, @Nullable String origin, @Nullable String host)
            throws Complaint {
        if (fetchSite != null) {
            if (!fetchSite.equals("same-origin") && !fetchSite.equals("none")) {
                throw Complaint.forbidden("entries are taken from pages of this site only");
            }
        } else if (origin != null && !authority(origin).equalsIgnoreCase(host)) {
            throw Complaint.forbidden("entries are taken from pages of this site only, not of " + origin);
        }
    }

    private static String authority(String origin) {
        try {
            return String.valueOf(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** A form of another site cannot send this type without asking first. */
    static void requireJson(@Nullable String contentType) throws Complaint {
        String type =
                contentType == null ? "" : contentType.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
        if (!type.equals("application/json")) {
            throw Complaint.wrongType("an entry is sent as Content-Type: application/json");
        }
    }

    static String text(byte[] body) throws Complaint {
        try (JsonReader reader = Json.createReader(new StringReader(utf8(body)))) {
            JsonObject object = reader.readObject();
            JsonValue text = object.get("text");
            if (!(text instanceof JsonString words) || words.getString().isBlank()) {
                throw Complaint.badRequest("an entry looks like {\"text\":\"…\"} with a text that is not empty");
            }
            String stripped = words.getString().strip();
            int length = stripped.codePointCount(0, stripped.length());
            if (length > LONGEST_TEXT) {
                throw Complaint.badRequest("the text has " + length + " characters; at most " + LONGEST_TEXT + " fit");
            }
            if (stripped.chars().anyMatch(c -> c == 0)) {
                throw Complaint.badRequest("the text holds a NUL character");
            }
            return stripped;
        } catch (JsonException | IllegalStateException e) {
            throw Complaint.badRequest("the body is not a JSON object: " + e.getMessage());
        }
    }

    private static String utf8(byte[] body) throws Complaint {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Complaint.badRequest("the body is not UTF-8");
        }
    }

    static Optional<byte[]> key(@Nullable String given) throws Complaint {
        if (given == null) {
            return Optional.empty();
        }
        if (given.isBlank() || given.length() > LONGEST_KEY) {
            throw Complaint.badRequest("an Idempotency-Key has 1 to " + LONGEST_KEY + " characters");
        }
        try {
            // Of one length whatever the sender chose, and compared byte by byte, not by a collation.
            return Optional.of(MessageDigest.getInstance("SHA-256").digest(given.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Complaint tooLarge() {
        return Complaint.tooLarge("an entry has at most " + LONGEST_BODY + " bytes");
    }
}
