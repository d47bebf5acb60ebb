/**
 * What a node tells its balancers about itself before they would notice: that it is about to go, that it is back, that it can
 * carry less. I/O, for the thread that starts or drains the node; every call is bounded.
 */
@NullMarked
package com.foobar.http.announce;

import org.jspecify.annotations.NullMarked;
