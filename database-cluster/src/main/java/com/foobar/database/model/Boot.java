package com.foobar.database.model;

/**
 * One life of a server process.
 *
 * @param id differs from every earlier life of the node
 * @param tail what the start did with transactions that were logged but not committed in the engine
 */
public record Boot(String id, Tail tail) {

    /** What a start does with the unfinished end of the binary log. */
    public enum Tail {
        /** Commits it ({@code init-rpl-role=MASTER}): an acknowledged write may be in it, while nobody newer reigns. */
        KEPT,
        /** Cuts it off ({@code init-rpl-role=SLAVE}): only once another primary provably has all that was acknowledged. */
        TRUNCATED
    }
}
