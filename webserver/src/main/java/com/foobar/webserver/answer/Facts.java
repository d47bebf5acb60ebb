package com.foobar.webserver.answer;

/**
 * What is known about the bytes that would be sent, in the coding in which they would be sent.
 *
 * @param tag strong, with its quotes
 * @param lastModified in seconds since 1970, or {@link HttpDate#NONE}
 */
public record Facts(String tag, long lastModified, long size) {}
