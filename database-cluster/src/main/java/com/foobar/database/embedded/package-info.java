/**
 * MariaDB server processes that this program starts, stops and cleans up after: the engine is found or unpacked, a bootstrapped template
 * is kept, every node is a folder copied from it. Knows processes and files and the greeting of a server; asks no question in SQL.
 * Of MySQL no process is started: its options differ and could not be tried.
 */
@NullMarked
package com.foobar.database.embedded;

import org.jspecify.annotations.NullMarked;
