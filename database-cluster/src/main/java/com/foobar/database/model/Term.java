package com.foobar.database.model;

/**
 * The fencing term of the coordinator's lease: it grows with every new holder. Nodes and the quorum refuse orders of a term lower
 * than the highest they obeyed, so that a holder that was paused past its lease changes nothing when it wakes.
 */
public record Term(long number) implements Comparable<Term> {
    public static final Term NONE = new Term(0);

    public Term {
        if (number < 0) {
            throw new IllegalArgumentException("a term is never negative: " + number);
        }
    }

    @Override
    public int compareTo(Term other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return "term " + number;
    }
}
