package com.foobar.database.act;

import com.foobar.database.account.Login;
import com.foobar.database.dialect.Dialect;
import com.foobar.kernel.tls.TrustStore;
import com.foobar.kernel.value.HostPort;
import java.util.Optional;

/**
 * A node, and as whom to speak to it.
 *
 * @param trust nothing means that the connection is not encrypted
 */
public record Target(HostPort at, Dialect dialect, Login login, Optional<TrustStore> trust) {}
