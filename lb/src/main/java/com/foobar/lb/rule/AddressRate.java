package com.foobar.lb.rule;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket per client address, shared by all I/O threads. A bucket is one number: the time at which it would be full
 * again (the GCRA of ATM networks), moved by compare-and-set. IPv6 is counted by /64, because that is what one customer gets
 * and may wander through freely.
 *
 * <p>A bucket that is full says the same as none, so taking idle ones out forgets nothing. The table never holds more than it
 * was made for: when it is full of busy addresses, all unknown ones share one bucket, so a flood from many addresses costs the
 * newcomers and not the memory.
 */
public final class AddressRate {
    /** Enough for every client of a busy minute, about 10 MB. */
    public static final int MOST_ADDRESSES = 100_000;

    /** The mark of a bucket that was taken out: whoever still holds it must look again, or its count would be lost. */
    private static final long GONE = Long.MIN_VALUE;

    /** Threads read their clocks at different moments; a bucket is idle only when it is so for each of them. */
    private static final long SKEW_NANOS = 1_000_000_000L;

    /** Looked at for each newcomer: more than one, so that the hand overtakes them; few, as a request waits for it. */
    private static final int LOOKS = 16;

    /** No IPv6 network has such a prefix (0:1::/32 is reserved), so the two families never share a bucket. */
    private static final long IPV4 = 1L << 32;

    private final long interval;
    private final long slack;
    private final int sweepBelow;
    private final ConcurrentHashMap<Long, AtomicLong> buckets = new ConcurrentHashMap<>();
    private final AtomicInteger places;
    private final AtomicLong overflow = new AtomicLong(GONE);

    /** Whoever holds this moves the hand; the others go on without. */
    private final AtomicBoolean sweeping = new AtomicBoolean();

    private Iterator<Map.Entry<Long, AtomicLong>> hand = buckets.entrySet().iterator();

    public AddressRate(Rate rate, int burst) {
        this(rate, burst, MOST_ADDRESSES);
    }

    AddressRate(Rate rate, int burst, int mostAddresses) {
        if (burst < 1 || mostAddresses < 1) {
            throw new IllegalArgumentException("a burst and a number of addresses of at least 1");
        }
        this.interval = rate.interval().toNanos();
        this.slack = Math.multiplyExact(burst - 1, interval);
        this.places = new AtomicInteger(mostAddresses);
        this.sweepBelow = Math.max(1, mostAddresses / 4);
    }

    /** Whether this request is within the limit; one that is not costs nothing. */
    public boolean admits(InetAddress client, long nowNanos) {
        long key = key(client);
        while (true) {
            AtomicLong bucket = buckets.get(key);
            if (bucket == null) {
                bucket = enter(key, nowNanos);
            }
            if (bucket == overflow) {
                return takeOverflow(nowNanos);
            }
            long full = bucket.get();
            while (full != GONE) {
                long from = full - nowNanos > 0 ? full : nowNanos;
                if (from - nowNanos > slack) {
                    return false;
                }
                if (bucket.compareAndSet(full, time(from + interval))) {
                    return true;
                }
                full = bucket.get();
            }
            // Not left to the one who marked it: should that thread be held up here, this one would spin until it goes
            // on.
            buckets.remove(key, bucket);
        }
    }

    /** How long this client has to wait until it is admitted again; zero when it would be now. Nothing is counted. */
    public Duration retryAfter(InetAddress client, long nowNanos) {
        AtomicLong bucket = buckets.get(key(client));
        if (bucket == null && places.get() > 0) {
            return Duration.ZERO;
        }
        long full = (bucket == null ? overflow : bucket).get();
        return full == GONE ? Duration.ZERO : Duration.ofNanos(Math.max(0, full - nowNanos - slack));
    }

    /** How many addresses are being counted. */
    int size() {
        return buckets.size();
    }

    private boolean takeOverflow(long nowNanos) {
        while (true) {
            long full = overflow.get();
            long from = full != GONE && full - nowNanos > 0 ? full : nowNanos;
            if (from - nowNanos > slack) {
                return false;
            }
            if (overflow.compareAndSet(full, time(from + interval))) {
                return true;
            }
        }
    }

    private AtomicLong enter(long key, long nowNanos) {
        if (places.get() <= sweepBelow) {
            sweep(nowNanos);
        }
        // The place is taken before the bucket is put in: threads entering at once must not overshoot together.
        if (!takePlace()) {
            AtomicLong known = buckets.get(key);
            return known == null ? overflow : known;
        }
        // Full since now or a moment ago is the same; a moment ahead would cost the newcomer a part of the burst.
        AtomicLong fresh = new AtomicLong(nowNanos == GONE ? nowNanos - 1 : nowNanos);
        AtomicLong known = buckets.putIfAbsent(key, fresh);
        if (known == null) {
            return fresh;
        }
        places.incrementAndGet();
        return known;
    }

    private boolean takePlace() {
        int left = places.get();
        while (left > 0) {
            if (places.compareAndSet(left, left - 1)) {
                return true;
            }
            left = places.get();
        }
        return false;
    }

    /** Moves the hand on a little and takes out what is idle. */
    private void sweep(long nowNanos) {
        if (!sweeping.compareAndSet(false, true)) {
            return;
        }
        try {
            for (int i = 0; i < LOOKS; i++) {
                if (!hand.hasNext()) {
                    hand = buckets.entrySet().iterator();
                    if (!hand.hasNext()) {
                        return;
                    }
                }
                Map.Entry<Long, AtomicLong> entry = hand.next();
                AtomicLong bucket = entry.getValue();
                long full = bucket.get();
                // Marked first: a request between the two would be counted in a bucket that nobody finds again.
                if (full != GONE && nowNanos - full >= SKEW_NANOS && bucket.compareAndSet(full, GONE)) {
                    buckets.remove(entry.getKey(), bucket);
                    places.incrementAndGet();
                }
            }
        } finally {
            sweeping.set(false);
        }
    }

    /** The monotonic clock may show any number, the mark too. */
    private static long time(long nanos) {
        return nanos == GONE ? nanos + 1 : nanos;
    }

    static long key(InetAddress client) {
        byte[] octets = client.getAddress();
        int counted = client instanceof Inet4Address ? 4 : 8;
        long key = 0;
        for (int i = 0; i < counted; i++) {
            key = key << 8 | (octets[i] & 0xff);
        }
        return counted == 4 ? key | IPV4 : key;
    }
}
