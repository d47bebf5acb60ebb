package com.foobar.database.dialect;

import java.time.Duration;
import java.util.List;

/**
 * One vendor's SQL for everything the coordinator does. Statements are run in the order given, each on its own, on one connection;
 * questions are asked in the order given and their answers handed back in that order.
 */
public interface Dialect {

    String name();

    /** The cheapest question that proves that the server works. */
    Sql probe();

    List<Sql> statusQuestions();

    /** The answers read; {@link IllegalArgumentException} if they are none to {@link #statusQuestions}. */
    NodeStatus status(List<List<Row>> answers);

    /** Receive and apply from the source, from where this node stands. */
    List<Sql> follow(Source source);

    /** Receive nothing more; what was received is still applied. */
    List<Sql> stopReceiver();

    List<Sql> startReceiver();

    /** Applies what was received; see {@link #forgetsReceived}. */
    List<Sql> startApplier();

    /** With both threads stopped, starting either throws away what was received and not applied. */
    boolean forgetsReceived();

    /** Neither receive nor apply. */
    List<Sql> stopReplica();

    /** Follow nobody, and throw away what was received and not applied. */
    List<Sql> forgetSource();

    /** From a drained replica to a primary; the last statement lets writes in. */
    List<Sql> promote();

    /** On a primary: whether a commit is confirmed only when a replica has it. Taking that back confirms all that wait. */
    Sql waitForAcks(boolean needed);

    /**
     * On a primary: changes nothing and goes into the binary log all the same, where replicas receive and acknowledge it. By a transaction,
     * as a tail with anything else in it cannot be cut off.
     */
    List<Sql> logNothing();

    /** No new write of an application; waits for those under way. */
    List<Sql> closeWrites();

    /** Takes {@link #closeWrites} back, on a node that is the primary still. */
    List<Sql> openWrites();

    /** From a primary without a commit under way to a replica; with one, it would be confirmed and lost. */
    List<Sql> demote();

    /** Lets a former primary go on from the end of its own log; nothing where the server does so by itself. */
    List<Sql> resume(NodeStatus status);

    /** Says where a node stands whose data came by another way than replication. */
    List<Sql> seedPosition(Position position);

    /** Waits on the server until the position is applied; {@link #waited} reads the answer. */
    Sql await(Position position, Duration limit);

    boolean waited(Row answer);

    /** This connection's writes stay out of the binary log. */
    Sql unlogged();

    /** Schema and accounts, exactly as planned whatever was there before; kept out of the binary log. */
    List<Sql> accounts(AccountPlan plan);

    /** The server refused a write because the node is read-only. */
    boolean isReadOnlyRefusal(int errorCode);

    /** The position read; {@link IllegalArgumentException} if this dialect does not spell positions so. */
    Position position(String text);

    Standing compare(Position one, Position other);

    default boolean covers(Position one, Position other) {
        Standing standing = compare(one, other);
        return standing == Standing.SAME || standing == Standing.AHEAD;
    }

    /** What either of them has. */
    Position union(Position one, Position other);

    /** What a node has executed and the reference has not: writes that exist nowhere else. Empty is good. */
    Position errant(History own, History reference);
}
