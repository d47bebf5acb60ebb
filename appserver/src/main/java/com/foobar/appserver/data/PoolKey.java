package com.foobar.appserver.data;

import com.foobar.kernel.value.HostPort;

/** What a pool is to: the same address under another name would be another node. */
record PoolKey(String node, HostPort at, Use use) {}
