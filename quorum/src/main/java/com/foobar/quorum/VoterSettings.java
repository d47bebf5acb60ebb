package com.foobar.quorum;

import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One voter.
 *
 * @param cluster whose voters these are: a folder or a peer of another cluster is refused
 * @param name of this voter, a key of {@code voters}
 * @param voters all of them and where they listen, the same on every machine; addresses may change from start to start, names may not
 * @param folder this voter's memory, of nobody else. A voter that lost it has also forgotten its votes: see the package
 * @param neighbours given where all voters live in this process: they reach each other by calls then, and need neither ports nor certificates
 */
public record VoterSettings(
        String cluster,
        String name,
        Map<String, HostPort> voters,
        Path folder,
        Timing timing,
        Optional<VoterTls> tls,
        Optional<Neighbours> neighbours) {

    private static final int MOST_VOTERS = 9;

    public VoterSettings {
        voters = Map.copyOf(new TreeMap<>(voters));
        if (!voters.containsKey(name)) {
            throw new IllegalArgumentException("voter " + name + " is not among the voters " + voters.keySet());
        }
        if (voters.size() > MOST_VOTERS) {
            throw new IllegalArgumentException(voters.size() + " voters; 3 or 5 are useful, " + MOST_VOTERS
                    + " the limit: every write waits for a majority");
        }
    }

    public static VoterSettings of(String cluster, String name, Map<String, HostPort> voters, Path folder) {
        return new VoterSettings(cluster, name, voters, folder, Timing.DEFAULT, Optional.empty(), Optional.empty());
    }

    public VoterSettings with(Timing other) {
        return new VoterSettings(cluster, name, voters, folder, other, tls, neighbours);
    }

    public VoterSettings with(VoterTls other) {
        return new VoterSettings(cluster, name, voters, folder, timing, Optional.of(other), neighbours);
    }

    public VoterSettings among(Neighbours others) {
        return new VoterSettings(cluster, name, voters, folder, timing, tls, Optional.of(others));
    }

    HostPort address() {
        return Objects.requireNonNull(voters.get(name), "checked above");
    }

    /** Followers that make a majority together with their leader. */
    int othersNeeded() {
        return voters.size() / 2;
    }
}
