/**
 * The web tier: a file if it exists, else the application tier.
 */
@NullMarked
package com.foobar.webserver;

import org.jspecify.annotations.NullMarked;
