/**
 * Jetty and what stands between it and the rest: one server for each application server, an environment for each generation of
 * the servlet specification, and two ways in. Nobody else knows Jetty, but for those who keep its sessions.
 */
@NullMarked
package com.foobar.appserver.container;

import org.jspecify.annotations.NullMarked;
