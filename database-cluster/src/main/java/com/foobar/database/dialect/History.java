package com.foobar.database.dialect;

/**
 * What the errant test needs of a node.
 *
 * @param executed the end of its own binary log
 * @param recorded for each server that ever wrote, the last of its writes in this binary log
 * @param replicated where it was seeded or has replicated to; covers what a dump brought without any binary log
 */
public record History(Position executed, Position recorded, Position replicated) {}
