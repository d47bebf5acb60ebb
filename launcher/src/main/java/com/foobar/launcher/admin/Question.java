package com.foobar.launcher.admin;

import org.jspecify.annotations.Nullable;

/** One request to the admin port, as far as it matters. */
record Question(String method, String path, @Nullable String authorization, @Nullable String accept, String body) {}
