package com.foobar.database.model;

/**
 * What every order to a node carries, and what the node reports of the last one it obeyed. The node refuses a lower term, within a
 * term a lower sequence, and a version of the record lower than it has heard of: an order that was late on the way does nothing.
 *
 * @param version of the record the order was made under
 * @param sequence counts the orders of one term
 */
public record Stamp(Term term, long version, long sequence) {
    public static final Stamp NONE = new Stamp(Term.NONE, 0, 0);

    /** Whether a node that obeyed this one last, and whose lease was given under that version, should obey the other. */
    public boolean admits(Stamp other, long leaseVersion) {
        int newer = other.term.compareTo(term);
        return (newer > 0 || (newer == 0 && other.sequence > sequence)) && other.version >= leaseVersion;
    }
}
