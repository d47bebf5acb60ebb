/**
 * SQL as data: the statements of each vendor as text, and how to read its answers. Pure; no connection is opened here, and no other
 * package asks which vendor it talks to. MariaDB's half is run against real servers in the tests; <em>MySQL's half was written from its
 * documentation and has never met a server</em>: no MySQL could be had where this was built.
 */
@NullMarked
package com.foobar.database.dialect;

import org.jspecify.annotations.NullMarked;
