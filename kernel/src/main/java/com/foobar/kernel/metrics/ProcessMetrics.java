package com.foobar.kernel.metrics;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The process and its JVM under the names every Prometheus dashboard knows, hence without our prefix. Nothing is touched before
 * the first scrape: the management beans cost a start tens of milliseconds.
 */
final class ProcessMetrics implements MultiCollector {

    private static final Path STATM = Path.of("/proc/self/statm");
    /** Of Linux on x86-64 and on nearly every arm64; the JDK has no public call that tells. */
    private static final long PAGE_BYTES = 4096;

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        process(all);
        memory(all);
        garbageCollection(all);
        var threads = ManagementFactory.getThreadMXBean();
        all.metricSnapshot(gauge("jvm_threads_current", "Live threads.", threads.getThreadCount()));
        all.metricSnapshot(gauge("jvm_threads_daemon", "Live daemon threads.", threads.getDaemonThreadCount()));
        return all.build();
    }

    private static void process(MetricSnapshots.Builder all) {
        var runtime = ManagementFactory.getRuntimeMXBean();
        all.metricSnapshot(gauge(
                "process_start_time_seconds",
                "When the process started, in seconds since 1970.",
                runtime.getStartTime() / 1e3));
        all.metricSnapshot(gauge("jvm_uptime_seconds", "How long the JVM has been up.", runtime.getUptime() / 1e3));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            all.metricSnapshot(counter(
                    "process_cpu_seconds", "Processor time used, user and system.", system.getProcessCpuTime() / 1e9));
        }
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            all.metricSnapshot(gauge("process_open_fds", "Open file descriptors.", unix.getOpenFileDescriptorCount()));
            all.metricSnapshot(
                    gauge("process_max_fds", "The most file descriptors allowed.", unix.getMaxFileDescriptorCount()));
        }
        try {
            long pages = Long.parseLong(Files.readString(STATM).split(" ", 3)[1]);
            all.metricSnapshot(gauge(
                    "process_resident_memory_bytes", "Memory of the process that is in RAM.", pages * PAGE_BYTES));
        } catch (IOException | RuntimeException notLinux) {
            // Left out rather than guessed: the heap below says at least something.
        }
    }

    private static void memory(MetricSnapshots.Builder all) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        all.metricSnapshot(GaugeSnapshot.builder()
                .name("jvm_memory_used_bytes")
                .help("Memory of the JVM in use.")
                .dataPoint(gaugePoint(Labels.of("area", "heap"), heap.getUsed()))
                .dataPoint(gaugePoint(Labels.of("area", "nonheap"), other.getUsed()))
                .build());
        all.metricSnapshot(GaugeSnapshot.builder()
                .name("jvm_memory_max_bytes")
                .help("The most memory the JVM may use; -1 where there is no limit.")
                .dataPoint(gaugePoint(Labels.of("area", "heap"), heap.getMax()))
                .dataPoint(gaugePoint(Labels.of("area", "nonheap"), other.getMax()))
                .build());
    }

    private static void garbageCollection(MetricSnapshots.Builder all) {
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        CounterSnapshot.Builder seconds =
                CounterSnapshot.builder().name("jvm_gc_collection_seconds").help("Time spent in garbage collection.");
        CounterSnapshot.Builder runs =
                CounterSnapshot.builder().name("jvm_gc_collections").help("Garbage collections.");
        for (GarbageCollectorMXBean collector : collectors) {
            Labels labels = Labels.of("gc", collector.getName());
            seconds.dataPoint(counterPoint(labels, Math.max(0, collector.getCollectionTime()) / 1e3));
            runs.dataPoint(counterPoint(labels, Math.max(0, collector.getCollectionCount())));
        }
        all.metricSnapshot(seconds.build());
        all.metricSnapshot(runs.build());
    }

    private static GaugeSnapshot gauge(String name, String help, Number value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(gaugePoint(Labels.EMPTY, value))
                .build();
    }

    private static CounterSnapshot counter(String name, String help, Number value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(counterPoint(Labels.EMPTY, value))
                .build();
    }

    private static GaugeDataPointSnapshot gaugePoint(Labels labels, Number value) {
        return GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value.doubleValue())
                .build();
    }

    private static CounterDataPointSnapshot counterPoint(Labels labels, Number value) {
        return CounterDataPointSnapshot.builder()
                .labels(labels)
                .value(value.doubleValue())
                .build();
    }
}
