/**
 * The application tier: web applications, sessions and the DataSource that knows the cluster.
 */
@NullMarked
package com.foobar.appserver;

import org.jspecify.annotations.NullMarked;
