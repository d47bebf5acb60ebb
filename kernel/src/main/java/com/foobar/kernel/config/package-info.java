/**
 * One topology file for every machine: read in layers, bound to immutable records, every problem reported at once
 * with its place. Names no role: the records live with the roles that own them.
 */
@NullMarked
package com.foobar.kernel.config;

import org.jspecify.annotations.NullMarked;
