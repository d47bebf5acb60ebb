package com.foobar.database.dialect;

import java.util.Optional;

/**
 * What one node says of itself at one moment.
 *
 * @param version the server's version, as it writes it
 * @param serverId the number that its writes carry
 * @param readOnly application accounts are refused writes
 * @param received up to where it holds writes, applied or not; survives a restart only as far as applied
 * @param applied up to where its data is
 * @param receiver nothing on a node that follows nobody
 */
public record NodeStatus(
        String version,
        long serverId,
        boolean readOnly,
        Position received,
        Position applied,
        History history,
        SemiSync semiSync,
        Optional<Receiver> receiver) {}
