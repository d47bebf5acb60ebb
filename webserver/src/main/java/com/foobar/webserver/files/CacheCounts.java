package com.foobar.webserver.files;

/**
 * How the cache is doing, at one moment.
 *
 * @param hits answers found in it, fresh
 * @param misses look-ups that had to go to the file system
 * @param revalidations looks at the stamps of a file that was in it
 * @param changes those that found another file
 * @param evictions entries let go to make room
 * @param bytes memory accounted for now
 * @param entries files and other answers in it now
 * @param open files it keeps open now
 */
public record CacheCounts(
        long hits,
        long misses,
        long revalidations,
        long changes,
        long evictions,
        long bytes,
        long entries,
        long open) {}
