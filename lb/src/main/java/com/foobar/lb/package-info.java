/**
 * The load balancer: routes, rules, limits and the TLS edge in front of the web tier.
 */
@NullMarked
package com.foobar.lb;

import org.jspecify.annotations.NullMarked;
