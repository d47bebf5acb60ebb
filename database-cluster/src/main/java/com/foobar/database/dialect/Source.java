package com.foobar.database.dialect;

import com.foobar.database.account.Login;
import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whom to follow, and as whom.
 *
 * @param authority the certificate authority, as a file on the replica's host, that must have signed the source's certificate;
 *     nothing means that the link is not encrypted
 */
public record Source(HostPort at, Login login, Optional<Path> authority) {}
