package com.foobar.webserver.files;

import com.foobar.webserver.answer.Answer;
import com.foobar.webserver.answer.Ask;
import com.foobar.webserver.answer.ByteRange;
import com.foobar.webserver.answer.Conditions;
import com.foobar.webserver.answer.Multipart;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Puts one variant of a file on the wire, as its request asks. On the exchange's I/O thread. */
final class Reply {
    private Reply() {}

    /** What could not be answered with the file. */
    enum Rest {
        NOTHING,
        /** 412 */
        FAILED,
        /** 416 */
        UNSATISFIABLE
    }

    /** Sends what the request asks for; what it returns is left to be answered by the caller. */
    static Rest send(HttpServerExchange exchange, Entry entry, Variant variant, Instant wall) {
        Ask ask = ask(exchange);
        if (ask == null) {
            whole(exchange, variant, 200);
            return Rest.NOTHING;
        }
        Answer answer = Conditions.judge(
                ask,
                variant.facts(),
                wall.getEpochSecond(),
                entry.site.settings().ranges());
        HeaderMap headers = exchange.getResponseHeaders();
        if (answer == Answer.WHOLE) {
            whole(exchange, variant, 200);
        } else if (answer == Answer.NOT_MODIFIED) {
            variant.fields().validators(headers);
            exchange.setStatusCode(304);
            exchange.endExchange();
        } else if (answer instanceof Answer.Parts parts) {
            exchange.setStatusCode(206);
            variant.fields().all(headers);
            parts(exchange, entry, variant, parts.ranges());
        } else if (answer == Answer.UNSATISFIABLE) {
            headers.put(Headers.CONTENT_RANGE, "bytes */" + variant.facts().size());
            return Rest.UNSATISFIABLE;
        } else {
            return Rest.FAILED;
        }
        return Rest.NOTHING;
    }

    /** All of it, with a status of the caller's: 200, or that of an error page. */
    static void whole(HttpServerExchange exchange, Variant variant, int status) {
        if (status != 200) {
            exchange.setStatusCode(status);
        }
        variant.fields().all(exchange.getResponseHeaders());
        if (status >= 400) {
            error(exchange.getResponseHeaders());
        }
        ByteBuffer bytes = variant.bytes();
        if (bytes != null) {
            // Undertow cuts the body of an answer to HEAD and keeps the length.
            exchange.getResponseSender().send(bytes.duplicate());
        } else {
            long size = variant.facts().size();
            file(exchange, variant, List.of(Transfer.Piece.slice(0, size)));
        }
    }

    /** An error is no state of the page that explains it. */
    private static void error(HeaderMap headers) {
        headers.remove(Headers.ETAG);
        headers.remove(Headers.LAST_MODIFIED);
        headers.remove(Headers.ACCEPT_RANGES);
        headers.put(Headers.CACHE_CONTROL, "no-store");
    }

    private static void parts(HttpServerExchange exchange, Entry entry, Variant variant, List<ByteRange> ranges) {
        HeaderMap headers = exchange.getResponseHeaders();
        long size = variant.facts().size();
        List<Transfer.Piece> pieces = new ArrayList<>();
        if (ranges.size() == 1) {
            ByteRange only = ranges.get(0);
            headers.put(Headers.CONTENT_RANGE, only.contentRange(size));
            headers.put(Headers.CONTENT_LENGTH, Long.toString(only.length()));
            pieces.add(Transfer.Piece.slice(only.first(), only.last() + 1));
        } else {
            Multipart multipart = Multipart.of(ranges, size, entry.described.type(), boundary());
            headers.put(Headers.CONTENT_TYPE, multipart.contentType());
            headers.put(Headers.CONTENT_LENGTH, Long.toString(multipart.length()));
            for (int i = 0; i < ranges.size(); i++) {
                ByteRange range = ranges.get(i);
                pieces.add(Transfer.Piece.frame(multipart.heads().get(i)));
                pieces.add(Transfer.Piece.slice(range.first(), range.last() + 1));
            }
            pieces.add(Transfer.Piece.frame(multipart.end()));
        }
        ByteBuffer bytes = variant.bytes();
        if (bytes == null) {
            file(exchange, variant, pieces);
        } else {
            exchange.getResponseSender().send(gathered(bytes, pieces));
        }
    }

    private static ByteBuffer[] gathered(ByteBuffer bytes, List<Transfer.Piece> pieces) {
        ByteBuffer[] all = new ByteBuffer[pieces.size()];
        for (int i = 0; i < all.length; i++) {
            Transfer.Piece piece = pieces.get(i);
            String frame = piece.frame();
            all[i] = frame != null
                    ? ByteBuffer.wrap(frame.getBytes(StandardCharsets.US_ASCII))
                    : bytes.slice((int) piece.from(), (int) (piece.to() - piece.from()));
        }
        return all;
    }

    private static void file(HttpServerExchange exchange, Variant variant, List<Transfer.Piece> pieces) {
        OpenFile file = variant.file();
        if (file == null || exchange.getRequestMethod().equals(Methods.HEAD)) {
            exchange.endExchange();
            return;
        }
        if (!file.retain()) {
            throw new IllegalStateException("the file was let go of before it was sent");
        }
        new Transfer(exchange, file, pieces, file::release).begin();
    }

    /** Unguessable, so that nobody can put it into a file beforehand. */
    private static String boundary() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
    }

    /** Null when nothing was asked but the file, as nearly always. */
    private static @Nullable Ask ask(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        boolean get = exchange.getRequestMethod().equals(Methods.GET);
        String ifMatch = all(headers, Headers.IF_MATCH);
        String ifUnmodifiedSince = all(headers, Headers.IF_UNMODIFIED_SINCE);
        String ifNoneMatch = all(headers, Headers.IF_NONE_MATCH);
        String ifModifiedSince = all(headers, Headers.IF_MODIFIED_SINCE);
        String range = all(headers, Headers.RANGE);
        if (ifMatch == null
                && ifUnmodifiedSince == null
                && ifNoneMatch == null
                && ifModifiedSince == null
                && range == null) {
            return null;
        }
        String ifRange = all(headers, Headers.IF_RANGE);
        return new Ask(get, ifMatch, ifUnmodifiedSince, ifNoneMatch, ifModifiedSince, range, ifRange);
    }

    /** Several fields of one name are one list. */
    static @Nullable String all(HeaderMap headers, HttpString name) {
        HeaderValues values = headers.get(name);
        if (values == null || values.isEmpty()) {
            return null;
        }
        return values.size() == 1 ? values.getFirst() : String.join(", ", values);
    }
}
