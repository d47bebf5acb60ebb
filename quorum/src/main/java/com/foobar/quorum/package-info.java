/**
 * A lease with a fencing term and one small replicated record.
 */
@NullMarked
package com.foobar.quorum;

import org.jspecify.annotations.NullMarked;
