package com.foobar.appserver.container;

import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** PURE. The same header fields in the words of the two libraries. */
final class Fields {
    /** Between two neighbours only; between these two there is no connection. */
    private static final Set<HttpString> HOP_BY_HOP = Set.of(
            Headers.CONNECTION,
            Headers.KEEP_ALIVE,
            new HttpString("Proxy-Connection"),
            Headers.PROXY_AUTHORIZATION,
            Headers.PROXY_AUTHENTICATE,
            Headers.TE,
            Headers.TRANSFER_ENCODING,
            Headers.UPGRADE);

    private static final Map<HttpHeader, HttpString> NAMES = new EnumMap<>(HttpHeader.class);
    private static final Map<HttpString, HttpHeader> HEADERS = new HashMap<>();

    static {
        for (HttpHeader one : HttpHeader.values()) {
            HttpString name = HttpString.tryFromString(one.asString());
            NAMES.put(one, name);
            HEADERS.put(name, one);
        }
    }

    private Fields() {}

    static HttpFields ofRequest(HeaderMap headers) {
        HttpFields.Mutable fields = HttpFields.build(headers.size() + 4);
        for (long at = headers.fastIterateNonEmpty(); at != -1L; at = headers.fiNextNonEmpty(at)) {
            HeaderValues values = headers.fiCurrent(at);
            HttpString name = values.getHeaderName();
            if (HOP_BY_HOP.contains(name) || (name.length() > 0 && name.byteAt(0) == ':')) {
                continue;
            }
            HttpHeader known = HEADERS.get(name);
            for (int i = 0; i < values.size(); i++) {
                fields.add(
                        known == null
                                ? new HttpField(name.toString(), values.get(i))
                                : new HttpField(known, name.toString(), values.get(i)));
            }
        }
        return fields.asImmutable();
    }

    /** Adds those of an answer to what the tiers in front have put there already. */
    static void respond(HttpFields fields, HeaderMap headers) {
        for (HttpField field : fields) {
            HttpHeader known = field.getHeader();
            HttpString name = known == null ? null : NAMES.get(known);
            if (name == null) {
                name = HttpString.tryFromString(field.getName());
            }
            String value = field.getValue();
            if (!HOP_BY_HOP.contains(name)) {
                headers.add(name, value == null ? "" : value);
            }
        }
    }

    static HeaderMap trailers(HttpFields fields) {
        HeaderMap headers = new HeaderMap();
        respond(fields, headers);
        return headers;
    }
}
