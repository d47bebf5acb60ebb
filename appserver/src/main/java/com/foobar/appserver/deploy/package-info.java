/**
 * From files in a folder to running applications. What to do is decided purely ({@code Plan}); each start has a thread of its
 * own, because what it runs is not ours and may never return.
 */
@NullMarked
package com.foobar.appserver.deploy;

import org.jspecify.annotations.NullMarked;
