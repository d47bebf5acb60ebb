/**
 * PURE. The topology file as records, the instances that follow from it, and the rules that make a topology
 * impossible or doubtful.
 */
@NullMarked
package com.foobar.launcher.topology;

import org.jspecify.annotations.NullMarked;
