package com.foobar.bench.start;

import java.time.Duration;

/**
 * One start.
 *
 * @param listening until the first database server listens
 * @param writing until a write was acknowledged by a replica
 * @param cpu of the program and its servers until then
 * @param program its memory a moment later, in bytes
 * @param server that of the largest of its database servers
 */
record Took(Duration listening, Duration writing, Duration cpu, long program, long server) {}
