package com.foobar.bench.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What follows from the books and from what is in the tables. */
final class Verdict {

    private Verdict() {}

    /** Acknowledged, and not there. */
    static List<Long> lost(List<Ack> acks, Set<Long> there) {
        return acks.stream().map(Ack::id).filter(id -> !there.contains(id)).toList();
    }

    /**
     * Whether the nodes took turns as they reigned: ordered by when each write was sent, the nodes that acknowledged are those that reigned,
     * one after the other. Whoever acknowledges what was sent after its successor's first write is either a second primary or a deposed
     * one.
     *
     * @param reigns who was primary, in the order of the epochs, from the beginning of these acknowledgements
     * @return what contradicts it, empty when nothing does
     */
    static List<String> outOfTurn(List<Ack> acks, List<String> reigns) {
        List<Ack> ordered =
                acks.stream().sorted(Comparator.comparingLong(Ack::start)).toList();
        List<String> contradictions = new ArrayList<>();
        int reign = -1;
        String writing = "";
        for (Ack ack : ordered) {
            if (ack.node().equals(writing)) {
                continue;
            }
            int next = reign + 1;
            while (next < reigns.size() && !reigns.get(next).equals(ack.node())) {
                next++;
            }
            if (next == reigns.size()) {
                contradictions.add(ack.node() + " acknowledged write " + ack.id() + " (sent at " + ack.start()
                        + ", answered at " + ack.end() + ") after " + (writing.isEmpty() ? "nobody" : writing)
                        + "; the reigns were " + reigns);
            } else {
                reign = next;
                writing = ack.node();
            }
        }
        return contradictions;
    }

    /** How often a write was sent to a node and acknowledged while another node's acknowledged write was under way. */
    static int overlaps(List<Ack> acks) {
        List<Ack> ordered =
                acks.stream().sorted(Comparator.comparingLong(Ack::start)).toList();
        int overlaps = 0;
        for (int i = 1; i < ordered.size(); i++) {
            Ack before = ordered.get(i - 1);
            Ack after = ordered.get(i);
            if (!before.node().equals(after.node()) && before.end() - after.start() > 0) {
                overlaps++;
            }
        }
        return overlaps;
    }

    /** The longest time without an acknowledgement that ended after the fault. */
    static Gap gap(List<Ack> acks, long fault) {
        List<Long> ends = acks.stream().map(Ack::end).sorted().toList();
        Gap longest = new Gap(fault, fault);
        for (int i = 1; i < ends.size(); i++) {
            Gap here = new Gap(ends.get(i - 1), ends.get(i));
            if (here.to() - fault > 0 && here.length().compareTo(longest.length()) > 0) {
                longest = here;
            }
        }
        return longest;
    }

    /** From the last acknowledgement before to the first after. */
    record Gap(long from, long to) {
        Duration length() {
            return Duration.ofNanos(to - from);
        }
    }
}
