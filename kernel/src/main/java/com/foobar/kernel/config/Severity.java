package com.foobar.kernel.config;

/** Whether a problem stops the reading. */
public enum Severity {
    ERROR,
    WARNING
}
