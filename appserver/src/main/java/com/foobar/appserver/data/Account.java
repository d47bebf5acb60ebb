package com.foobar.appserver.data;

import com.foobar.kernel.value.Secret;

/** A user of the database. */
public record Account(String user, Secret password) {}
