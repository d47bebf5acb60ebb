/**
 * Sessions on the database cluster: written before the answer leaves, read anew for each request, so that no server has to be the same
 * one twice and none that dies takes a session with it. Knows Jetty's session room and a {@code DataSource}, no cluster.
 */
@NullMarked
package com.foobar.appserver.session;

import org.jspecify.annotations.NullMarked;
