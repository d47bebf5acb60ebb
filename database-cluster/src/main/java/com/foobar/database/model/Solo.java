package com.foobar.database.model;

/** Whether the primary may answer clients without an acknowledgement. */
public enum Solo {
    NO,
    /** Declared: it may be told to answer alone. */
    YES,
    /**
     * It is being told to wait again. A state of its own, with its own version of the record, because an order to answer alone may
     * still be on its way: only a primary that obeyed an order of this version or later can no longer be reached by it.
     */
    ENDING;

    public boolean isAlone() {
        return this != NO;
    }
}
