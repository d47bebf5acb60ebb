package com.foobar.kernel.time;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Time as a thing that is handed over, so that tests can hold it still. The wall clock ({@link #instant()}) may jump and is
 * good for text only; whatever is measured or waited for is counted in {@link #nanos()}.
 */
public interface Time extends InstantSource {

    /** Monotonic nanoseconds from an arbitrary origin; compare only by difference. */
    long nanos();

    /** Runs the task once after the delay, on the timer's thread: a task must be short and never block. */
    Timeout after(Duration delay, Runnable task);

    /** Runs the task again and again, the delay counted from the end of one run to the start of the next. */
    Timeout every(Duration delay, Runnable task);

    /** A task that waits for its time. */
    interface Timeout {
        /** Takes the task back; a run that has already begun is not interrupted. */
        void cancel();
    }
}
