package com.foobar.kernel.lifecycle;

/** Whether a role wants work now, and if not, why not. */
public record Readiness(boolean ready, String reason) {

    public static Readiness yes() {
        return new Readiness(true, "ready");
    }

    public static Readiness no(String reason) {
        return new Readiness(false, reason);
    }
}
