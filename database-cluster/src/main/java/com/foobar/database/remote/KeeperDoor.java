package com.foobar.database.remote;

import com.foobar.database.decide.NodeOrder;
import com.foobar.database.model.NodeName;
import com.foobar.database.node.LeaseAnswer;
import com.foobar.database.node.LeaseDesk;
import com.foobar.database.node.NewsDesk;
import com.foobar.database.node.NodeDesk;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.port.BindFailure;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where members of the cluster on other machines ask this one: for its nodes, and for leases where a coordinator is here. */
public final class KeeperDoor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeeperDoor.class);
    private static final int BACKLOG = 64;

    /** Coordinators and keepers are as many as hosts; a few connections of each. */
    private static final int MOST_GUESTS = 64;

    /** A proof is two messages; a stranger gets no more time than that takes on a bad network. */
    private static final Duration PROOF = Duration.ofSeconds(2);

    /** Members ask several times a second: one that is silent for so long is gone. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** For news; shorter than the silence after which a member counts as gone. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private static final Duration LAST_GUEST = Duration.ofSeconds(1);

    private final ServerSocket listener;
    private final Thread acceptor;
    private final Access access;
    private final Map<NodeName, NodeDesk> nodes;
    private final Optional<LeaseDesk> leases;
    private final Optional<NewsDesk> news;
    private final Time time;
    private final Semaphore places = new Semaphore(MOST_GUESTS);
    private final Set<Guest> guests = ConcurrentHashMap.newKeySet();
    private volatile String lastRubbish = "";

    private KeeperDoor(
            ServerSocket listener,
            Access access,
            List<NodeDesk> nodes,
            Optional<LeaseDesk> leases,
            Optional<NewsDesk> news,
            Time time) {
        this.listener = listener;
        this.acceptor = Threads.one("door", "accept", this::accept);
        this.access = access;
        this.nodes = nodes.stream().collect(Collectors.toMap(NodeDesk::name, Function.identity()));
        this.leases = leases;
        this.news = news;
        this.time = time;
    }

    /**
     * Listens from now on.
     *
     * @param key the configuration key that changes the port
     * @param leases nothing where no coordinator runs
     * @param news the same
     */
    public static KeeperDoor open(
            HostPort at,
            String key,
            Access access,
            List<NodeDesk> nodes,
            Optional<LeaseDesk> leases,
            Optional<NewsDesk> news,
            Time time)
            throws StartFailure {
        InetSocketAddress address = new InetSocketAddress(at.host(), at.port());
        try {
            ServerSocket listener = new ServerSocket();
            listener.setReuseAddress(true);
            try {
                listener.bind(address, BACKLOG);
            } catch (IOException e) {
                listener.close();
                throw e;
            }
            KeeperDoor door = new KeeperDoor(listener, access, nodes, leases, news, time);
            door.nodes.values().forEach(node -> node.onSignal(() -> door.signal(node.name())));
            door.acceptor.start();
            return door;
        } catch (IOException e) {
            throw BindFailure.of(address, key, e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                if (places.tryAcquire()) {
                    Threads.one("door", "guest", () -> welcome(socket)).start();
                } else {
                    socket.close();
                    rubbish(socket, "there are " + MOST_GUESTS + " connections already");
                }
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.warn(
                            "The door {} could not take a connection: {}",
                            listener.getLocalSocketAddress(),
                            e.toString());
                }
            }
        }
    }

    private void welcome(Socket socket) {
        Time.Timeout limit = time.after(PROOF, () -> closeQuietly(socket));
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PROOF.toMillis());
            Frames frames = Frames.answering(socket, access);
            limit.cancel();
            frames.idleLimit(IDLE);
            try (Guest guest = new Guest(frames, socket.getRemoteSocketAddress().toString())) {
                guests.add(guest);
                while (true) {
                    answer(frames.receive(), guest);
                }
            }
        } catch (Rubbish e) {
            rubbish(socket, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.debug("A connection from {} ended: {}", socket.getRemoteSocketAddress(), e.toString());
        } finally {
            limit.cancel();
            guests.removeIf(Guest::isClosed);
            places.release();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("A socket did not close: {}", e.toString());
        }
    }

    /** Once in a row: whoever sends rubbish sends much of it. */
    private void rubbish(Socket socket, String what) {
        if (!what.equals(lastRubbish)) {
            lastRubbish = what;
            LOG.warn(
                    "Not let in at {}: {}, from {}",
                    listener.getLocalSocketAddress(),
                    what,
                    socket.getRemoteSocketAddress());
        }
    }

    /** Desks never block, so that one reader serves a guest's questions in whatever order they are done. */
    private void answer(Fields question, Guest guest) throws Rubbish {
        long id = question.number("id");
        switch (question.text("ask")) {
            case "look" -> {
                CompletableFuture<Void> unused = node(question, "node")
                        .look()
                        .thenAccept(view -> guest.say(Wording.object("id", id, "view", Wording.of(view))));
            }
            case "order" -> {
                NodeOrder order = Wording.order(question.object("order"));
                CompletableFuture<Void> unused = node(question.object("order"), "node")
                        .order(Wording.stamp(question.object("stamp")), order)
                        .thenAccept(obeyed -> guest.say(
                                Wording.object("id", id, "done", obeyed.done(), "detail", cut(obeyed.detail()))));
            }
            case "renew" -> {
                CompletableFuture<Void> unused = lease(question)
                        .thenAccept(answer -> guest.say(Wording.object("id", id, "answer", Wording.of(answer))));
            }
            case "news" -> {
                CompletableFuture<Void> unused = news(question).handle((document, failure) -> {
                    guest.say(
                            failure == null
                                    ? Wording.object("id", id, "document", document)
                                    : Wording.object("id", id, "unknown", cut(String.valueOf(failure))));
                    return null;
                });
            }
            default -> throw new Rubbish("no question");
        }
    }

    private CompletableFuture<LeaseAnswer> lease(Fields question) throws Rubbish {
        if (leases.isEmpty()) {
            return CompletableFuture.completedFuture(new LeaseAnswer.Unanswered("no coordinator runs here"));
        }
        return leases.get()
                .renew(Wording.name(question, "node"), question.has("reign") ? Wording.epoch(question, "reign") : null);
    }

    private CompletableFuture<String> news(Fields question) throws Rubbish {
        long epoch = question.number("epoch");
        long version = question.number("version");
        Duration wait =
                Duration.ofMillis(Math.max(0, Math.min(LONGEST_WAIT.toMillis(), question.number("waitMillis"))));
        return news.map(desk -> desk.newerThan(epoch, version, wait))
                .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("no coordinator runs here")));
    }

    private NodeDesk node(Fields question, String member) throws Rubbish {
        NodeName name = Wording.name(question, member);
        NodeDesk node = nodes.get(name);
        if (node == null) {
            throw new Rubbish("node " + name + " is not here, but " + nodes.keySet());
        }
        return node;
    }

    private static String cut(String text) {
        return text.length() > 2_000 ? text.substring(0, 2_000) + "…" : text;
    }

    private void signal(NodeName node) {
        guests.forEach(guest -> guest.say(Wording.object("signal", node.text())));
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            LOG.debug("The door did not close: {}", e.toString());
        }
        guests.forEach(Guest::close);
        try {
            // The kernel goes on listening until the accepting thread has left its system call.
            acceptor.join(LAST_GUEST.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
