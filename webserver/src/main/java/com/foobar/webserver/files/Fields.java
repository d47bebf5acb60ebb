package com.foobar.webserver.files;

import com.foobar.webserver.answer.Coding;
import com.foobar.webserver.answer.Facts;
import com.foobar.webserver.answer.HttpDate;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The response fields of one variant, made once: a hit only copies references. */
final class Fields {
    static final HttpString CONTENT_TYPE_OPTIONS = HttpString.tryFromString("X-Content-Type-Options");

    /** The first of these also belong to a 304. */
    private final HttpString[] names;

    private final String[] values;
    private final int validators;

    private Fields(List<HttpString> names, List<String> values, int validators) {
        this.names = names.toArray(new HttpString[0]);
        this.values = values.toArray(new String[0]);
        this.validators = validators;
    }

    static Fields of(Facts facts, @Nullable Coding coding, String type, String cacheControl, boolean varies) {
        List<HttpString> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        add(names, values, Headers.ETAG, facts.tag());
        if (facts.lastModified() != HttpDate.NONE) {
            add(names, values, Headers.LAST_MODIFIED, HttpDate.format(facts.lastModified()));
        }
        add(names, values, Headers.CACHE_CONTROL, cacheControl);
        if (varies) {
            add(names, values, Headers.VARY, "Accept-Encoding");
        }
        int validators = names.size();
        add(names, values, Headers.CONTENT_TYPE, type);
        add(names, values, CONTENT_TYPE_OPTIONS, "nosniff");
        add(names, values, Headers.ACCEPT_RANGES, "bytes");
        if (coding != null) {
            add(names, values, Headers.CONTENT_ENCODING, coding.token());
        }
        add(names, values, Headers.CONTENT_LENGTH, Long.toString(facts.size()));
        return new Fields(names, values, validators);
    }

    private static void add(List<HttpString> names, List<String> values, HttpString name, String value) {
        names.add(name);
        values.add(value);
    }

    /** For 200 and, with other lengths put over it, 206. */
    void all(HeaderMap into) {
        put(into, names.length);
    }

    /** For 304: what tells states apart and how long to keep it. */
    void validators(HeaderMap into) {
        put(into, validators);
    }

    private void put(HeaderMap into, int count) {
        for (int i = 0; i < count; i++) {
            into.put(names[i], values[i]);
        }
    }
}
