package com.foobar.kernel.config;

/** A configuration record with rules that span its keys. Called once it has been built, with keys relative to it. */
public interface Checked {
    void check(Problems problems);
}
