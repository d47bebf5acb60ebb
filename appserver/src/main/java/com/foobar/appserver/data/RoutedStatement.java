package com.foobar.appserver.data;

import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a {@link RoutedConnection}, of any of the three kinds. Like it, takes the pool's statement at first use; what was set
 * on it is remembered, so that a read can be asked of another node when the first is lost before it answered. Result sets are the
 * driver's own: a call for each column of each row is too dear to pass through here.
 */
final class RoutedStatement implements InvocationHandler {

    private static final int MOST_REPEATS = 2;
    private static final int MOST_REMEMBERED = 512;

    private final RoutedConnection connection;
    private final Call maker;
    private final @Nullable String sql;
    private final @Nullable SqlText text;
    private final Statement proxy;
    private final List<Call> calls = new ArrayList<>();
    private boolean replayable = true;
    private boolean closed;
    private @Nullable Statement delegate;
    private @Nullable Held madeOn;
    /** The delegate has run: keys, counts and warnings are its own, and those of a statement made anew would be another's. */
    private boolean ran;

    RoutedStatement(
            RoutedConnection connection,
            Class<? extends Statement> type,
            Method maker,
            Object @Nullable [] makerArguments,
            @Nullable String sql)
            throws SQLException {
        this.connection = connection;
        this.maker = maker(connection, maker, makerArguments, sql);
        this.sql = sql;
        this.text = sql == null ? null : SqlText.of(sql);
        this.proxy =
                (Statement) Proxy.newProxyInstance(RoutedStatement.class.getClassLoader(), new Class<?>[] {type}, this);
        if (text == SqlText.BEGIN_READ_ONLY) {
            connection.readOnlyOnce(true);
        }
    }

    private static Call maker(
            RoutedConnection connection, Method maker, Object @Nullable [] arguments, @Nullable String sql) {
        if (sql == null || arguments == null) {
            return new Call(maker, arguments);
        }
        Object[] sent = arguments.clone();
        sent[0] = connection.commented(sql, true);
        return new Call(maker, sent);
    }

    Statement proxy() {
        return proxy;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
        Object first = arguments == null || arguments.length == 0 ? null : arguments[0];
        return switch (method.getName()) {
            case "toString" -> delegate == null ? "statement " + (sql == null ? "" : sql) : delegate.toString();
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == first;
            case "getConnection" -> connection.proxy();
            case "isClosed" -> closed || (delegate != null && delegate.isClosed());
            case "close" -> {
                close();
                yield null;
            }
            case "isWrapperFor" ->
                first instanceof Class<?> type
                        && (type.isInstance(proxy) || statement().isWrapperFor(type));
            case "unwrap" -> unwrap((Class<?>) Objects.requireNonNull(first));
            default -> open(method, arguments, first);
        };
    }

    private Object unwrap(Class<?> type) throws Throwable {
        return type.isInstance(proxy) ? proxy : statement().unwrap(type);
    }

    private @Nullable Object open(Method method, Object @Nullable [] arguments, @Nullable Object first)
            throws Throwable {
        if (closed) {
            throw new SQLException("the statement is closed", "HY010");
        }
        return method.getName().startsWith("execute")
                ? execute(method, arguments, first instanceof String given ? given : null)
                : set(method, arguments);
    }

    private @Nullable Object set(Method method, Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        Statement known = delegate;
        Statement target = ran && known != null && name.startsWith("get") ? known : statement();
        Object result = new Call(method, arguments).on(target);
        if (name.startsWith("set") || name.startsWith("register") || name.startsWith("addBatch")) {
            remember(method, arguments);
        } else if (name.equals("clearParameters") || name.equals("clearBatch")) {
            calls.clear();
        }
        return result;
    }

    private void remember(Method method, Object @Nullable [] arguments) {
        if (arguments != null) {
            for (Object argument : arguments) {
                // What has been read once cannot be read again.
                replayable &= !(argument instanceof InputStream) && !(argument instanceof Reader);
            }
        }
        if (calls.size() >= MOST_REMEMBERED) {
            replayable = false;
            calls.clear();
        }
        if (replayable) {
            calls.add(new Call(method, arguments));
        }
    }

    private @Nullable Object execute(Method method, Object @Nullable [] arguments, @Nullable String given)
            throws Throwable {
        String run = given == null ? sql : given;
        SqlText kind = given == null ? text == null ? SqlText.CHANGE : text : SqlText.of(given);
        if (kind == SqlText.READ_ONLY_TRANSACTION || kind == SqlText.READ_WRITE_TRANSACTION) {
            connection.readOnlyOnce(kind == SqlText.READ_ONLY_TRANSACTION);
            return nothing(method);
        }
        if (kind == SqlText.BEGIN_READ_ONLY) {
            connection.readOnlyOnce(true);
        }
        Object @Nullable [] sent = arguments;
        if (given != null && arguments != null) {
            sent = arguments.clone();
            sent[0] = connection.commented(given, false);
        }
        Call call = new Call(method, sent);
        for (int repeats = 0; ; repeats++) {
            try {
                Statement target = statement();
                Object result = connection.execute(kind, run, () -> call.on(target));
                ran = true;
                return result;
            } catch (SQLException e) {
                if (repeats >= MOST_REPEATS || !replayable || !connection.mayRepeat(e)) {
                    throw e;
                }
                connection.repeatElsewhere();
            }
        }
    }

    /** The answer to a statement that the server need not see: it was about where the next ones go. */
    private static @Nullable Object nothing(Method method) {
        Class<?> answer = method.getReturnType();
        if (answer == boolean.class) {
            return false;
        }
        return answer == int.class ? (Object) 0 : answer == long.class ? 0L : null;
    }

    /** The pool's statement, made anew on another connection when the first is gone and nothing was lost with it. */
    private Statement statement() throws Throwable {
        Held now = connection.physical();
        Statement known = delegate;
        if (known != null && madeOn == now) {
            return known;
        }
        if (known != null && !replayable) {
            throw new SQLException(
                    "the statement was lost with its connection, and has values that cannot be read again", "08006");
        }
        Statement made = (Statement) Objects.requireNonNull(connection.prepare(now, () -> made(now)));
        delegate = made;
        madeOn = now;
        ran = false;
        return made;
    }

    private Statement made(Held on) throws Throwable {
        Statement made = (Statement) Objects.requireNonNull(maker.on(on.connection()));
        for (Call call : calls) {
            Object unused = call.on(made);
        }
        return made;
    }

    private void close() throws SQLException {
        closed = true;
        Statement known = delegate;
        Held on = madeOn;
        if (known != null && on != null) {
            delegate = null;
            try {
                known.close();
            } catch (SQLException e) {
                // Whatever was wrong was told at the statement itself; a dead connection's statements cannot be closed.
                if (!on.isGone() && !Fault.isLost(e)) {
                    throw e;
                }
            }
        }
    }
}
