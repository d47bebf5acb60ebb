/**
 * I/O. Files to clients: {@code answer} decides, this room opens, keeps and sends.
 *
 * <p>What may wait for what: an I/O thread answers from memory, looks at the stamps of a file it knows (one {@code stat} a
 * second) and asks whether a name exists at all (one {@code stat}); everything that opens, reads or compresses runs on the
 * executor that was handed in. Roots therefore belong on local disks. Bytes of open files go from the page cache to the socket
 * on the I/O thread, a bounded piece at a time, as nginx does with sendfile.
 */
@NullMarked
package com.foobar.webserver.files;

import org.jspecify.annotations.NullMarked;
