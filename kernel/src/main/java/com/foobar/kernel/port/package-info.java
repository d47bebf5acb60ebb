/** Ports that cannot be had: which one, who has it, and which key changes it. */
@NullMarked
package com.foobar.kernel.port;

import org.jspecify.annotations.NullMarked;
