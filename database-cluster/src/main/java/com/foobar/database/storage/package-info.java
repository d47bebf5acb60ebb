/**
 * Files and folders that a power cut, a full disk or a second process finds whole or not at all. Knows no database.
 */
@NullMarked
package com.foobar.database.storage;

import org.jspecify.annotations.NullMarked;
