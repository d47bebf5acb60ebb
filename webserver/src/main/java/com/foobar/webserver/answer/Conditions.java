package com.foobar.webserver.answer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** PURE. From the conditions and ranges of a request to its answer, in the order of RFC 9110, 13.2.2. */
public final class Conditions {

    private Conditions() {}

    /**
     * The answer for a file that exists and may be read.
     *
     * @param now seconds since 1970 by the wall clock: a date less than a second old says too little to compare bytes by
     * @param mostRanges how many ranges one request may ask for
     */
    public static Answer judge(Ask ask, Facts facts, long now, int mostRanges) {
        if (ask.ifMatch() != null) {
            if (!EntityTag.strong(ask.ifMatch(), facts.tag())) {
                return Answer.FAILED;
            }
        } else if (modifiedSince(ask.ifUnmodifiedSince(), facts)) {
            return Answer.FAILED;
        }
        if (ask.ifNoneMatch() != null) {
            if (EntityTag.weak(ask.ifNoneMatch(), facts.tag())) {
                return Answer.NOT_MODIFIED;
            }
        } else if (unmodifiedSince(ask.ifModifiedSince(), facts)) {
            return Answer.NOT_MODIFIED;
        }
        if (ask.range() == null || !ask.get() || !stillTheSame(ask.ifRange(), facts, now)) {
            return Answer.WHOLE;
        }
        List<ByteRange> ranges = ByteRanges.read(ask.range(), facts.size(), mostRanges);
        if (ranges == null) {
            return Answer.WHOLE;
        }
        return ranges.isEmpty() ? Answer.UNSATISFIABLE : new Answer.Parts(ranges);
    }

    private static boolean modifiedSince(@Nullable String date, Facts facts) {
        long given = known(date, facts);
        return given != HttpDate.NONE && facts.lastModified() > given;
    }

    private static boolean unmodifiedSince(@Nullable String date, Facts facts) {
        long given = known(date, facts);
        return given != HttpDate.NONE && facts.lastModified() <= given;
    }

    /** A condition counts only when both dates are known. */
    private static long known(@Nullable String date, Facts facts) {
        return date == null || facts.lastModified() == HttpDate.NONE ? HttpDate.NONE : HttpDate.parse(date);
    }

    /** Whether a part fits to those the client has: else it gets the whole. */
    private static boolean stillTheSame(@Nullable String ifRange, Facts facts, long now) {
        if (ifRange == null) {
            return true;
        }
        String given = ifRange.trim();
        if (given.startsWith("\"") || given.startsWith("W/")) {
            // One tag and never a list; a weak one cannot vouch for bytes.
            return given.equals(facts.tag());
        }
        long date = HttpDate.parse(given);
        return date != HttpDate.NONE && date == facts.lastModified() && now - date >= 1;
    }
}
