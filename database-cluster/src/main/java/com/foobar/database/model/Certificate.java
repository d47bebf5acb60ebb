package com.foobar.database.model;

import java.util.List;

/**
 * The proof of a failover, written before the point of no return.
 *
 * @param votes what each designated acker testified
 * @param bound the least position that holds every acknowledged write
 * @param drained the position of the promoted node when it had applied all it received
 * @param ranking every candidate with the reason for its place
 * @param unreachable who said nothing
 * @param fence why the deposed primary acknowledges nothing more
 * @param proven false only under a typed override
 * @param sentence from which "no acknowledged write is lost" follows, or which says that it does not
 */
public record Certificate(
        Epoch epoch,
        Term term,
        NodeName deposed,
        NodeName promoted,
        List<Vote> votes,
        Position bound,
        Position drained,
        List<String> ranking,
        List<NodeName> unreachable,
        String fence,
        boolean proven,
        String sentence) {

    public Certificate {
        votes = List.copyOf(votes);
        ranking = List.copyOf(ranking);
        unreachable = List.copyOf(unreachable);
    }
}
