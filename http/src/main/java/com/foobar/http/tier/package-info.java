/**
 * What a tier that sends requests on is made of, whichever tier it is: its settings, its pools with their checks and orders, who
 * asks, and how that is counted and logged.
 */
@NullMarked
package com.foobar.http.tier;

import org.jspecify.annotations.NullMarked;
