/**
 * Who may do what in the databases: one account per duty, generated passwords in files only their owner can read. Which SQL grants a
 * duty is the dialect's to know.
 */
@NullMarked
package com.foobar.database.account;

import org.jspecify.annotations.NullMarked;
