package com.foobar.database.embedded;

/**
 * The end of a server process.
 *
 * @param code what it returned; 128 and the signal's number where a signal ended it
 * @param wanted it was told to end
 * @param why what its log says
 */
public record NodeExit(int code, boolean wanted, String why) {}
