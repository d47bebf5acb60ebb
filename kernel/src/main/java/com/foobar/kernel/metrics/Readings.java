package com.foobar.kernel.metrics;

/** Takes the values of a metric that is read at the moment of a scrape. */
@FunctionalInterface
public interface Readings {
    /** One series: its value and the values of its labels, in the order the names were given. */
    void add(double value, String... labelValues);

    /** Called once a scrape, on the scraping thread; must answer at once. */
    @FunctionalInterface
    interface Source {
        void read(Readings into);
    }
}
