/**
 * The desks of the {@code node} room over a network: the same questions and answers as frames of JSON on one connection, each side
 * proving that it knows the cluster's secret, every frame sealed with a key of this connection. Without TLS nobody can forge or replay,
 * but everybody on the way can read; with it, both sides show a certificate first, and still prove the secret. No caller waits, every
 * question has a limit, and no moment of one machine's clock is ever compared with another's.
 */
@NullMarked
package com.foobar.database.remote;

import org.jspecify.annotations.NullMarked;
