package com.foobar.database.remote;

import com.foobar.kernel.value.Secret;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What makes a stranger a member of the cluster.
 *
 * @param secret the same on all its hosts
 * @param tls nothing means that what is said can be read on the way, though not changed
 */
public record Access(Secret secret, Optional<SSLContext> tls) {}
