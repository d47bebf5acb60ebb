/**
 * How a coordinator and the keepers speak, whether they share a process or a network: orders one way, leases the other.
 */
@NullMarked
package com.foobar.database.node;

import org.jspecify.annotations.NullMarked;
