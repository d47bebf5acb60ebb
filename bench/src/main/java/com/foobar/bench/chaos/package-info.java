/**
 * The database cluster under faults: the packaged program is started as users start it, writers keep books through the application's
 * DataSource, a sampler asks every node directly, and each round ends with a verdict. What is judged ({@link Verdict}, {@link Stages},
 * {@link ChaosPage}) is pure; processes, sockets and files are at the edge. Moments are {@code System.nanoTime} of several JVMs of one
 * machine, which Linux takes from one clock.
 */
@NullMarked
package com.foobar.bench.chaos;

import org.jspecify.annotations.NullMarked;
