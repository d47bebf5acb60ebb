package com.foobar.webserver;

import com.foobar.http.tier.TierMetrics;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.metrics.Readings;
import com.foobar.webserver.files.CacheCounts;
import com.foobar.webserver.upload.Stock;

/** What is counted about the web servers of a process, beside what every tier counts. */
public final class WebMetrics {
    private WebMetrics() {}

    /** Once for each process. */
    public static TierMetrics of(Metrics metrics) {
        TierMetrics tier = new TierMetrics(metrics, "web");
        tier.counter(metrics, "cache_hits_total", "Files found in the cache, fresh.");
        tier.counter(metrics, "cache_misses_total", "Look-ups that had to go to the file system.");
        tier.counter(metrics, "cache_revalidations_total", "Looks at a file that was in the cache.");
        tier.counter(metrics, "cache_changes_total", "Looks that found another file.");
        tier.counter(metrics, "cache_evictions_total", "Files let go of to make room.");
        tier.gauge(metrics, "cache_bytes", "Memory that the cache takes.");
        tier.gauge(metrics, "cache_entries", "Files and other answers in the cache.");
        tier.gauge(metrics, "cache_open_files", "Files that the cache keeps open.");
        tier.gauge(metrics, "uploads_waiting", "Requests whose bodies are not whole yet.");
        tier.gauge(metrics, "uploads_memory_bytes", "Bodies of requests in memory.");
        tier.gauge(metrics, "uploads_file_bytes", "Bodies of requests in files.");
        return tier;
    }

    /** One metric of those above; false when it is not one of them. */
    static boolean read(String metric, String name, CacheCounts cache, Stock uploads, Readings into) {
        double value =
                switch (metric) {
                    case "cache_hits_total" -> cache.hits();
                    case "cache_misses_total" -> cache.misses();
                    case "cache_revalidations_total" -> cache.revalidations();
                    case "cache_changes_total" -> cache.changes();
                    case "cache_evictions_total" -> cache.evictions();
                    case "cache_bytes" -> cache.bytes();
                    case "cache_entries" -> cache.entries();
                    case "cache_open_files" -> cache.open();
                    case "uploads_waiting" -> uploads.waiting();
                    case "uploads_memory_bytes" -> uploads.memory();
                    case "uploads_file_bytes" -> uploads.files();
                    default -> Double.NaN;
                };
        if (Double.isNaN(value)) {
            return false;
        }
        into.add(value, name);
        return true;
    }
}
