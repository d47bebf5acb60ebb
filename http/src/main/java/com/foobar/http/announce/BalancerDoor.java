package com.foobar.http.announce;

import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;

/**
 * The admin port of the process a balancer lives in.
 *
 * @param balancer its name in the topology
 * @param token what {@code admin.token} is there
 */
public record BalancerDoor(String balancer, HostPort address, Secret token) {}
