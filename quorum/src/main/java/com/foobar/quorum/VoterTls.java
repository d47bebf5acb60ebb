package com.foobar.quorum;

import java.nio.file.Path;

/**
 * PEM files. Both sides of every connection show a certificate, and accept what an authority of {@code trusted} signed for the host name or
 * address in the list of voters.
 */
public record VoterTls(Path certificates, Path key, Path trusted) {}
