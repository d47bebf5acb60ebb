package com.foobar.bench.chaos;

/**
 * A write that was acknowledged to its writer.
 *
 * @param node who was asked, empty where the DataSource chose
 * @param start before it was sent, on the machine's monotonic clock
 * @param end after its answer
 */
record Ack(long id, String node, long start, long end) {}
