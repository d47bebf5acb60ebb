package com.foobar.database.backup;

/** What one table held: two that agree in it hold the same rows. */
record TableSum(String table, long rows, String checksum) {}
