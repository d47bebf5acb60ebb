package com.foobar.appserver;

import com.foobar.http.announce.Announcement;
import com.foobar.http.announce.Announcer;
import com.foobar.http.announce.BalancerDoor;
import com.foobar.http.announce.Told;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the web servers of other processes know before the port closes, as those let the balancers know. */
final class Farewell {
    private static final Logger log = LoggerFactory.getLogger(Farewell.class);
    private static final String POOL = "app";
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private Farewell() {}

    /** Returns when they know, or when they should have noticed. Checks must be answered with no meanwhile. */
    static void say(String name, List<BalancerDoor> doors, Duration notice, Duration most) throws InterruptedException {
        if (notice.isZero()
                || (!doors.isEmpty() && tell(name, doors, Announcement.drain()).all())) {
            return;
        }
        Duration wait = notice.compareTo(most) < 0 ? notice : most;
        log.info("{} answers checks with no for {} ms, so that every web server notices", name, wait.toMillis());
        // Nothing ends this early: a web server that has noticed does not say so.
        boolean unused = new CountDownLatch(1).await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Void what an earlier life of this server announced. */
    static void greet(String name, List<BalancerDoor> doors) throws InterruptedException {
        if (!doors.isEmpty()) {
            Told unused = tell(name, doors, Announcement.ready());
        }
    }

    private static Told tell(String name, List<BalancerDoor> doors, Announcement what) throws InterruptedException {
        Told told = new Announcer(POOL, name, doors, PATIENCE).tell(what);
        told.complaints().forEach(complaint -> log.warn("{}: {}", name, complaint));
        return told;
    }
}
