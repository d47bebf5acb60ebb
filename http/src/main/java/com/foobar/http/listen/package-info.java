/**
 * I/O. Listeners on Undertow: limits, strictness, TLS, HTTP/2, PROXY protocol.
 */
@NullMarked
package com.foobar.http.listen;

import org.jspecify.annotations.NullMarked;
