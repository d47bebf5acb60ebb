package com.foobar.bench.jmh;

import com.foobar.http.pool.Address;
import com.foobar.http.pool.Backend;
import com.foobar.http.pool.BackendSettings;
import com.foobar.http.pool.Balance;
import com.foobar.http.pool.Caller;
import com.foobar.http.pool.Pick;
import com.foobar.http.pool.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** One pick and its release, as every proxied request does them: alone, and with a second thread on the same pool. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
public class PoolPick {

    @Param({"ROUNDROBIN", "LEASTCONN", "RANDOM", "SOURCE"})
    public Balance.Kind balance = Balance.Kind.ROUNDROBIN;

    @Param({"2", "16"})
    public int backends;

    private Pool pool = new Pool("empty", 0);

    @Setup
    public void fill() {
        List<BackendSettings> settings = new ArrayList<>();
        for (int i = 1; i <= backends; i++) {
            settings.add(BackendSettings.of("web" + i, new Address("127.0.0.1", 8080 + i)));
        }
        pool = new Pool("web", 0);
        pool.replace(settings, Balance.of(balance));
        pool.backends().forEach(one -> one.verdict(true, 0));
    }

    @Benchmark
    public Backend alone() {
        return pickAndRelease();
    }

    @Benchmark
    @Threads(2)
    public Backend twoThreads() {
        return pickAndRelease();
    }

    private Backend pickAndRelease() {
        // The caller is made per request, so its allocation belongs to the price of a pick.
        Pick pick = pool.pick(new Caller(null, "192.0.2.17"), 1);
        if (pick instanceof Pick.Chosen chosen) {
            pool.release(chosen.backend());
            return chosen.backend();
        }
        throw new IllegalStateException("a pool of usable backends chose nobody: " + pick);
    }
}
