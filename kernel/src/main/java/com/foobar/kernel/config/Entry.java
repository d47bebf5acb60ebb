package com.foobar.kernel.config;

/** One value of the effective configuration, secrets masked, and where it came from. */
public record Entry(String key, String value, Origin origin) {}
