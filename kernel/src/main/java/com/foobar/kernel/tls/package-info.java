/**
 * TLS material: PEM and PKCS#12 in, the right certificate for each server name out, and a development certificate authority.
 * Made of nothing but the JDK; whatever is wrong with a file is a {@link com.foobar.kernel.tls.TlsMaterialException}.
 */
@NullMarked
package com.foobar.kernel.tls;

import org.jspecify.annotations.NullMarked;
