/**
 * PURE. From the values of a request and the facts about a file to a decision: which name is looked up, which coding is sent,
 * whether anything is sent, and which bytes of it. No file, no socket, no clock, no Undertow; proved by tables.
 */
@NullMarked
package com.foobar.webserver.answer;

import org.jspecify.annotations.NullMarked;
