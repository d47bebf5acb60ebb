package com.foobar.appserver.data;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What each call of an application's means to a {@link RoutedConnection}. By a proxy, because all but a dozen of a connection's methods only
 * pass through, whichever JDBC version has them.
 */
record ConnectionCalls(RoutedConnection connection) implements InvocationHandler {

    /** The client info property that tells an application which node it talks to. */
    private static final String NODE = "node";

    static Connection proxy(RoutedConnection connection) {
        return (Connection) Proxy.newProxyInstance(
                ConnectionCalls.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new ConnectionCalls(connection));
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
        Object first = arguments == null || arguments.length == 0 ? null : arguments[0];
        return switch (method.getName()) {
            case "toString" -> connection.toString();
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == first;
            case "isWrapperFor" -> first instanceof Class<?> type && isWrapperFor(type);
            case "unwrap" -> unwrap((Class<?>) Objects.requireNonNull(first));
            case "isClosed" -> connection.isClosed();
            case "isValid" -> connection.isValid(new Call(method, arguments));
            case "close" -> {
                connection.close();
                yield null;
            }
            case "abort" -> {
                connection.abort((Executor) first);
                yield null;
            }
            default -> {
                connection.requireOpen();
                yield open(method, arguments, first);
            }
        };
    }

    private @Nullable Object open(Method method, Object @Nullable [] arguments, @Nullable Object first)
            throws Throwable {
        return switch (method.getName()) {
            case "isReadOnly" -> connection.isReading();
            case "getAutoCommit" -> connection.isAutoCommit();
            case "createStatement" -> statement(Statement.class, method, arguments, null);
            case "prepareStatement" -> statement(PreparedStatement.class, method, arguments, (String) first);
            case "prepareCall" -> statement(CallableStatement.class, method, arguments, (String) first);
            case "setReadOnly" -> {
                connection.setReadOnly(Boolean.TRUE.equals(first));
                yield null;
            }
            default -> passed(new Call(method, arguments), first);
        };
    }

    private @Nullable Object passed(Call call, @Nullable Object first) throws Throwable {
        return switch (call.name()) {
            case "getClientInfo" -> NODE.equals(first) ? connection.node() : connection.pass(call);
            case "setAutoCommit" -> {
                connection.setAutoCommit(call, Boolean.TRUE.equals(first));
                yield null;
            }
            case "commit" -> {
                connection.end(call, Phase.COMMIT);
                yield null;
            }
            case "rollback" -> {
                if (first != null) {
                    yield connection.pass(call);
                }
                connection.rollback(call);
                yield null;
            }
            case "getWarnings", "clearWarnings" -> connection.isIdle() ? null : connection.pass(call);
            case "setSavepoint" -> connection.pass(call);
            default -> call.name().startsWith("set") ? connection.say(call) : connection.pass(call);
        };
    }

    private Statement statement(
            Class<? extends Statement> type, Method maker, Object @Nullable [] arguments, @Nullable String sql)
            throws SQLException {
        return new RoutedStatement(connection, type, maker, arguments, sql).proxy();
    }

    private boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(connection.proxy())
                || (!connection.isClosed() && connection.physical().connection().isWrapperFor(type));
    }

    private Object unwrap(Class<?> type) throws SQLException {
        return type.isInstance(connection.proxy())
                ? connection.proxy()
                : connection.physical().connection().unwrap(type);
    }
}
