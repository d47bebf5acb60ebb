/** Backups: taken from a node that serves, proved by loading them, and turned into the data of a new cluster. */
@NullMarked
package com.foobar.database.backup;

import org.jspecify.annotations.NullMarked;
