package com.foobar.database.account;

import com.foobar.kernel.value.Secret;

/** A name and a password as a server asks for them. */
public record Login(String user, Secret password) {

    /** MySQL takes no longer replication password. */
    private static final int LONGEST_PASSWORD = 32;

    public Login {
        if (!user.matches("[A-Za-z0-9_]{1,32}")) {
            throw new IllegalArgumentException("a database user of 1 to 32 letters, digits or underscores");
        }
        // Passwords are spelled in statements, option files and connection addresses, each with quoting rules of its
        // own.
        if (!password.reveal().matches("[A-Za-z0-9_.:+=-]{8," + LONGEST_PASSWORD + "}")) {
            throw new IllegalArgumentException("a password of 8 to 32 letters, digits or any of _ . : + = -");
        }
    }
}
