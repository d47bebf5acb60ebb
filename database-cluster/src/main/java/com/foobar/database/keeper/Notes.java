package com.foobar.database.keeper;

import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.Stamp;
import com.foobar.database.model.Term;
import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;

/**
 * What a keeper must never forget, or an order that was refused before its restart would be obeyed after it.
 *
 * @param cluster whose node this is
 * @param obeyed the last order's
 * @param term the highest heard of with a lease
 * @param version the highest heard of with a lease
 * @param reign in which epoch the server was last promoted
 * @param inOffice it was promoted and has not been seen to end in order since: its log may have a tail of which only the coordinator
 *     knows whether to keep it
 * @param boots how many lives of the server there were
 * @param process {@link Life#mark} of the present one
 */
record Notes(
        String cluster,
        Stamp obeyed,
        Term term,
        long version,
        Epoch reign,
        boolean inOffice,
        long boots,
        Boot boot,
        String process,
        Generation generation) {

    static Notes empty(String cluster) {
        return new Notes(
                cluster,
                Stamp.NONE,
                Term.NONE,
                0,
                Epoch.NONE,
                false,
                0,
                new Boot("never", Boot.Tail.KEPT),
                "",
                new Generation("never", Epoch.NONE, 0));
    }

    Notes obeying(Stamp stamp) {
        return new Notes(cluster, stamp, term, version, reign, inOffice, boots, boot, process, generation);
    }

    Notes hearing(Term newTerm, long newVersion) {
        return new Notes(cluster, obeyed, newTerm, newVersion, reign, inOffice, boots, boot, process, generation);
    }

    Notes reigning(Epoch epoch) {
        return new Notes(cluster, obeyed, term, version, epoch, true, boots, boot, process, generation);
    }

    Notes booted(Boot next, String mark) {
        Generation fresh = new Generation(next.id(), Epoch.NONE, 0);
        return new Notes(cluster, obeyed, term, version, reign, false, boots + 1, next, mark, fresh);
    }

    Notes following(Generation next) {
        return new Notes(cluster, obeyed, term, version, reign, false, boots, boot, process, next);
    }

    /** Its server has ended in order: nothing is left to be finished. */
    Notes atRest() {
        return new Notes(cluster, obeyed, term, version, reign, false, boots, boot, process, generation);
    }

    String text() {
        return "# What the keeper of this node must not forget. Without this file the node is to be provisioned anew.\n"
                + "cluster=" + cluster
                + "\nobeyed.term=" + obeyed.term().number()
                + "\nobeyed.version=" + obeyed.version()
                + "\nobeyed.sequence=" + obeyed.sequence()
                + "\nterm=" + term.number()
                + "\nversion=" + version
                + "\nreign=" + reign.number()
                + "\nin-office=" + inOffice
                + "\nboots=" + boots
                + "\nboot=" + boot.id()
                + "\ntail=" + boot.tail()
                + "\nprocess=" + process
                + "\ngeneration.boot=" + generation.boot()
                + "\ngeneration.followed=" + generation.followed().number()
                + "\ngeneration.starts=" + generation.starts()
                + "\n";
    }

    /** @throws IllegalArgumentException naming the line that is missing or wrong */
    static Notes parse(String text) throws IOException {
        Properties lines = new Properties();
        lines.load(new StringReader(text));
        return new Notes(
                word(lines, "cluster"),
                new Stamp(
                        new Term(number(lines, "obeyed.term")),
                        number(lines, "obeyed.version"),
                        number(lines, "obeyed.sequence")),
                new Term(number(lines, "term")),
                number(lines, "version"),
                new Epoch(number(lines, "reign")),
                Boolean.parseBoolean(word(lines, "in-office")),
                number(lines, "boots"),
                new Boot(word(lines, "boot"), Boot.Tail.valueOf(word(lines, "tail"))),
                lines.getProperty("process", ""),
                new Generation(
                        word(lines, "generation.boot"),
                        new Epoch(number(lines, "generation.followed")),
                        number(lines, "generation.starts")));
    }

    private static String word(Properties lines, String key) {
        String word = lines.getProperty(key, "");
        if (word.isBlank()) {
            throw new IllegalArgumentException("it has no " + key);
        }
        return word;
    }

    private static long number(Properties lines, String key) {
        String digits = word(lines, key);
        if (!digits.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("its " + key + " is no number: " + digits);
        }
        return Long.parseLong(digits);
    }
}
