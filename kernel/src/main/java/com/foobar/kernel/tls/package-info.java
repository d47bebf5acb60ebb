/**
 * TLS material: PEM and PKCS#12 in, and a development certificate authority made of nothing but the JDK.
 */
@NullMarked
package com.foobar.kernel.tls;

import org.jspecify.annotations.NullMarked;
