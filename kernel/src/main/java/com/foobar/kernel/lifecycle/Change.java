package com.foobar.kernel.lifecycle;

/** A prepared reload of one role. Exactly one of the two is called; neither may fail. */
public interface Change {

    /** The change of a role that has nothing to do. */
    Change NONE = new Change() {
        @Override
        public void commit() {}

        @Override
        public void discard() {}
    };

    /** Swaps the references. Everything that can go wrong has gone wrong in prepare. */
    void commit();

    /** Throws away what prepare built. */
    void discard();
}
