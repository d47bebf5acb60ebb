package com.foobar.launcher;

import com.foobar.kernel.time.Time;
import com.foobar.launcher.admin.Token;
import com.foobar.launcher.supervise.Seat;
import com.foobar.launcher.supervise.Supervisor;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What a run prints besides its log: what starts, where to look, how it ended. */
final class Banner implements Supervisor.Narrator {
    private final PrintStream out;
    private final Time time;

    Banner(Terminal terminal, Time time) {
        this.out = terminal.console();
        this.time = time;
    }

    void begin(Selection selection, Path data) {
        line(
                "%s %s · server %s · java %s · pid %d · data %s",
                Program.NAME,
                Program.version(),
                selection.server(),
                Runtime.version().feature(),
                ProcessHandle.current().pid(),
                data);
    }

    void warn(String problem) {
        line("  warning  %s", problem);
    }

    @Override
    public void started(Seat<?> seat, Duration took) {
        line(
                "  %-6s %-17s %-22s %5d ms  %s",
                seat.role().name(),
                seat.instance().role().word(),
                seat.instance().place(),
                took.toMillis(),
                seat.role().readiness().reason());
    }

    @Override
    public void stopped(Seat<?> seat, Duration took) {
        line("  %-6s stopped %d ms", seat.role().name(), took.toMillis());
    }

    /** Seconds are counted from the start of the JVM: that is what somebody waited. */
    void ready(Topology topology, InetSocketAddress admin, Path data) {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        double seconds = (time.millis() - started) / 1000.0;
        line("%s is ready after %s s", topology.site(), String.format(Locale.ROOT, "%.2f", seconds));
        line("  admin     http://%s:%d/", admin.getHostString(), admin.getPort());
        if (topology.admin().token().isEmpty()) {
            line("  token     %s", Token.file(data));
        }
        line("  Ctrl-C drains and stops");
    }

    void stopping(String why) {
        line("%s: draining and stopping; once more forces", why);
    }

    void forced(String why) {
        line("%s again: stopped at once, nothing was drained", why);
    }

    void leftBehind(Map<String, String> failures) {
        failures.forEach((role, what) -> line("  %s: %s", role, what));
    }

    void stopped(Map<String, String> failures) {
        leftBehind(failures);
        line(failures.isEmpty() ? "stopped" : "stopped, but not all of it in order");
    }

    void failed(String what, String cure) {
        line("could not start: %s", what);
        line("  cure: %s", cure);
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
