/**
 * The guest book. It uses what every web application finds here, the servlet API and {@code java:comp/env/jdbc/foobar}, and nothing of
 * foobar itself: routing, failover and reading one's own writes are the container's business.
 */
@NullMarked
package com.foobar.site;

import org.jspecify.annotations.NullMarked;
