package com.foobar.appserver.container;

import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.Trust;
import com.foobar.http.tier.Access;
import com.foobar.http.transport.DirectHandler;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.log.Journal;
import com.foobar.kernel.port.BindFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.component.Environment;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Jetty server of one application server, and its two doors. */
public final class Container implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Container.class);
    private static final String KEY = "appserver.port";
    /** Before these a thread that waits for a monitor held its carrier with it, and drivers and JSPs have monitors. */
    private static final int UNPINNED = 24;

    private final String name;
    private final Settings settings;
    private final Hooks hooks;
    private final Environments environments;
    private final Time time;
    private final Switchboard switchboard = new Switchboard();
    private final QueuedThreadPool threads;
    private final HttpConfiguration http = new HttpConfiguration();
    private final Server server;
    private final ServerConnector connector;
    private final Reception reception;

    /**
     * What does not change while it runs.
     *
     * @param threads for requests, at most; those of the connector are among them
     * @param queue requests that may wait for a thread
     * @param formBytes the most that is read of a form
     * @param formFields the most fields of a form and parts of an upload
     */
    public record Settings(
            InetSocketAddress address,
            int threads,
            int queue,
            boolean virtualThreads,
            Duration idle,
            long formBytes,
            int formFields,
            int headBytes) {}

    /** Those who take part in every application. */
    public record Hooks(Sessions sessions, Resources resources, RequestHook requests) {
        public static final Hooks NONE = new Hooks(Sessions.IN_MEMORY, Resources.NONE, RequestHook.NONE);
    }

    /**
     * What an application is started from.
     *
     * @param name of its file or folder
     * @param root the unpacked application
     * @param webSocket whether its requests may be for one
     * @param work a folder of its own that need not exist
     * @param limit requests in it at once
     */
    public record Start(
            String name,
            String contextPath,
            Generation generation,
            boolean webSocket,
            Path root,
            Path work,
            int limit) {}

    public Container(
            String name,
            Settings settings,
            Hooks hooks,
            Environments environments,
            AppMetrics metrics,
            Journal<Access> journal,
            Time time,
            Supplier<Readiness> readiness) {
        this.name = name;
        this.settings = settings;
        this.hooks = hooks;
        this.environments = environments;
        this.time = time;
        this.threads = threads(name, settings);
        this.server = new Server(threads);
        this.connector = connector();
        this.reception = new Reception(
                name,
                new Reception.Ways(Trust.NOBODY, false),
                switchboard,
                metrics,
                journal,
                hooks.requests(),
                time,
                this::crowded,
                readiness);
        server.setHandler(reception);
        server.setStopTimeout(0);
        hooks.sessions().configure(server);
    }

    private static QueuedThreadPool threads(String name, Settings settings) {
        int most = settings.threads();
        // Without a bound, because Jetty's own work queues here, too; requests are counted before they come.
        QueuedThreadPool pool = new QueuedThreadPool(most, Math.min(8, most));
        pool.setName(name + "-request");
        pool.setDaemon(true);
        // With reserved threads whoever selects runs the request itself and has another go on selecting: one more
        // change of
        // threads for each request, and a tenth of the CPU of a small one.
        pool.setReservedThreads(0);
        if (settings.virtualThreads()
                && VirtualThreads.areSupported()
                && Runtime.version().feature() >= UNPINNED) {
            pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor(name + "-request-"));
        }
        return pool;
    }

    private ServerConnector connector() {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(settings.headBytes());
        http.setRelativeRedirectAllowed(true);
        ServerConnector made =
                new ServerConnector(server, 1, 1, new HttpConnectionFactory(http), new PriorKnowledge(http));
        made.setHost(settings.address().getAddress().getHostAddress());
        made.setPort(settings.address().getPort());
        made.setIdleTimeout(settings.idle().toMillis());
        made.setReuseAddress(true);
        return made;
    }

    /** Takes the port and is ready for applications; requests are not taken yet. */
    public void start() throws StartFailure {
        try {
            connector.open();
        } catch (IOException failed) {
            IOException cause = failed.getCause() instanceof IOException inner ? inner : failed;
            throw BindFailure.of(settings.address(), KEY, cause);
        }
        try {
            server.start();
        } catch (Exception failed) {
            close();
            throw new StartFailure(
                    name + " cannot start its servlet container: " + failed.getMessage(),
                    "see the log for the cause",
                    failed);
        }
    }

    /** Requests may come over the socket from now on. */
    public void open() throws StartFailure {
        try {
            server.addConnector(connector);
            connector.start();
        } catch (Exception failed) {
            throw new StartFailure(
                    name + " cannot take connections: " + failed.getMessage(), "see the log for the cause", failed);
        }
    }

    /** What a reload may change. */
    public void replace(Trust trust, boolean expose) {
        reception.replace(new Reception.Ways(trust, expose));
    }

    /** The way in for tiers of this process. */
    public DirectHandler direct(ErrorPages pages) {
        return new DirectDoor(connector, http, settings.address(), reception, this::crowded, pages, time);
    }

    public Switchboard switchboard() {
        return switchboard;
    }

    /**
     * Starts an application on this thread, however long that takes. Nobody can reach it before it is put on the switchboard.
     * When this thread is interrupted or the application fails, nothing is left of it.
     */
    public Application begin(Start start) throws Exception {
        Environment environment = environments.of(start.generation());
        Files.createDirectories(start.work());
        Webapp webapp = new Webapp(
                environment,
                server,
                start.root(),
                start.work(),
                start.contextPath(),
                new Webapp.Forms(settings.formBytes(), settings.formFields()));
        webapp.core().addEventListener(new Threading());
        if (!start.webSocket()) {
            webapp.withoutWebSocket();
        }
        webapp.bind(hooks.resources().of(start.name()));
        hooks.sessions().configure(webapp.sessions(), start.contextPath());
        webapp.start();
        return new Application(start.name(), start.contextPath(), start.generation(), webapp, start.limit(), time);
    }

    /** Whether more requests wait for a thread than may. */
    private boolean crowded() {
        return threads.getQueueSize() >= settings.queue();
    }

    /** Of web servers of other processes. */
    public int connections() {
        return connector.getConnectedEndPoints().size();
    }

    /**
     * Asks an application that nobody can reach yet, as the first of its clients would.
     *
     * @return the status of the answer
     */
    public int rehearse(Application application, String path, Duration patience) throws Exception {
        Rehearsal rehearsal = new Rehearsal(server, application);
        server.addBean(rehearsal, false);
        try {
            rehearsal.start();
            return rehearsal.ask(path, patience);
        } finally {
            rehearsal.stop();
            server.removeBean(rehearsal);
        }
    }

    public int busyThreads() {
        return threads.getThreads() - threads.getIdleThreads();
    }

    public int idleThreads() {
        return threads.getIdleThreads();
    }

    public int waiting() {
        return threads.getQueueSize();
    }

    /** The port closes to new connections, and those that are open end with their answers. */
    public void refuseNew() {
        try {
            var unused = connector.shutdown();
        } catch (RuntimeException failed) {
            log.warn("{} cannot close its port: {}", name, failed.toString());
        }
    }

    @Override
    public void close() {
        try {
            connector.close();
            server.stop();
            server.destroy();
        } catch (Exception failed) {
            log.warn("{} did not stop in order: {}", name, failed.toString(), failed);
        }
    }
}
