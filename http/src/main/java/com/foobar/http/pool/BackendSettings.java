package com.foobar.http.pool;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What the configuration says about one backend. A weight of 0 means no new requests (only those bound by stickiness), a limit
 * of 0 connections means no limit, a slow start of zero means none.
 */
public record BackendSettings(
        String name, Address address, int weight, boolean backup, int maxConnections, Duration slowStart) {

    public static final int MAX_WEIGHT = 256;

    // The name travels in a cookie, a log line and a metric label: nothing that needs quoting in any of them.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

    public BackendSettings {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "backend name '" + name + "': use 1 to 128 letters, digits or the characters _ . : -");
        }
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "backend " + name + ": weight " + weight + " is not within 0.." + MAX_WEIGHT);
        }
        if (maxConnections < 0) {
            throw new IllegalArgumentException(
                    "backend " + name + ": maxConnections " + maxConnections + " is negative; 0 means no limit");
        }
        if (slowStart.isNegative() || slowStart.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "backend " + name + ": slowStart " + slowStart + " is not within 0 s .. 1 day");
        }
    }

    /** An active backend of weight 1 without limits. */
    public static BackendSettings of(String name, Address address) {
        return new BackendSettings(name, address, 1, false, 0, Duration.ZERO);
    }

    public BackendSettings withWeight(int changed) {
        return new BackendSettings(name, address, changed, backup, maxConnections, slowStart);
    }

    public BackendSettings asBackup() {
        return new BackendSettings(name, address, weight, true, maxConnections, slowStart);
    }

    public BackendSettings withMaxConnections(int changed) {
        return new BackendSettings(name, address, weight, backup, changed, slowStart);
    }

    public BackendSettings withSlowStart(Duration changed) {
        return new BackendSettings(name, address, weight, backup, maxConnections, changed);
    }
}
