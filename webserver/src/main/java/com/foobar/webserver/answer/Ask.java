package com.foobar.webserver.answer;

import org.jspecify.annotations.Nullable;

/**
 * What a request says about the bytes it wants; several fields of one name are one list.
 *
 * @param get else it is HEAD, for which ranges have no meaning
 */
public record Ask(
        boolean get,
        @Nullable String ifMatch,
        @Nullable String ifUnmodifiedSince,
        @Nullable String ifNoneMatch,
        @Nullable String ifModifiedSince,
        @Nullable String range,
        @Nullable String ifRange) {}
