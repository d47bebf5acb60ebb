/**
 * I/O. Holds a request back until its body is whole: in memory while it is small, in a file when it is not. A slow client then
 * costs a buffer here and no thread of the application. Nothing of it blocks an I/O thread; files are written by an executor.
 */
@NullMarked
package com.foobar.webserver.upload;

import org.jspecify.annotations.NullMarked;
