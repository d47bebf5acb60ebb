package com.foobar.appserver.container;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.plus.jndi.EnvEntry;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.session.SessionManager;
import org.eclipse.jetty.util.component.Environment;
import org.jspecify.annotations.Nullable;

/**
 * One WebAppContext of some generation. By reflection, since there are three classes of that name, each in the class loader of
 * its environment and none on the class path; what is called here they have in common.
 */
final class Webapp {
    /** Without it the tag libraries of JSTL are not found. */
    private static final String TAG_LIBRARIES = ".*jstl-[^/]*\\.jar$|.*/wasp-[^/]*\\.jar$";

    private final Environment environment;
    private final Object context;
    private final ContextHandler core;

    /** What an application may bring in one request. */
    record Forms(long bytes, int fields) {}

    Webapp(Environment environment, Server server, Path root, Path work, String contextPath, Forms forms)
            throws Exception {
        this.environment = environment;
        this.context = within(() -> {
            String type = "org.eclipse.jetty." + environment.getName() + ".webapp.WebAppContext";
            Object made = environment
                    .getClassLoader()
                    .loadClass(type)
                    .getConstructor()
                    .newInstance();
            call(made, "setContextPath", String.class, contextPath);
            call(made, "setWar", String.class, root.toString());
            call(made, "setTempDirectory", File.class, work.toFile());
            call(made, "setThrowUnavailableOnStartupException", boolean.class, true);
            call(made, "setMaxFormContentSize", int.class, (int) Math.min(Integer.MAX_VALUE, forms.bytes()));
            call(made, "setMaxFormKeys", int.class, forms.fields());
            call(made, "setLogUrlOnStart", boolean.class, false);
            return made;
        });
        Object handler = context instanceof Supplier<?> nested ? nested.get() : context;
        this.core = (ContextHandler) handler;
        call(context, "setServer", Server.class, server);
        core.setServer(server);
        core.setAttribute("org.eclipse.jetty.server.webapp.ContainerIncludeJarPattern", TAG_LIBRARIES);
        hideStackTraces();
    }

    /** A stack trace is for the log, not for whoever asks. */
    private void hideStackTraces() throws Exception {
        Object pages = call(context, "getErrorHandler");
        if (pages != null) {
            call(pages, "setShowStacks", boolean.class, false);
        }
    }

    ContextHandler core() {
        return core;
    }

    SessionManager sessions() throws Exception {
        Object handler = call(context, "getSessionHandler");
        if (handler instanceof SessionManager found) {
            return found;
        }
        if (handler != null && call(handler, "getSessionManager") instanceof SessionManager found) {
            return found;
        }
        throw new IllegalStateException(environment.getName() + " has no session manager");
    }

    /** Or each request passes a filter that asks whether it is an upgrade. What its web.xml says goes before. */
    void withoutWebSocket() {
        String world = environment.getName().equals(Generation.EE8.word()) ? "javax" : "jakarta";
        core.getContext().setAttribute("org.eclipse.jetty.websocket." + world, false);
    }

    /** Below java:comp/env, without a word in web.xml; a resource-ref of that name finds it, too. */
    void bind(Map<String, Object> resources) throws Exception {
        within(() -> {
            for (Map.Entry<String, Object> one : resources.entrySet()) {
                Object unused = new EnvEntry(context, one.getKey(), one.getValue(), false);
            }
            return context;
        });
    }

    /** Starts on this thread, and undoes what it began when that fails. */
    void start() throws Exception {
        within(() -> {
            try {
                core.start();
                Throwable unavailable = (Throwable) call(context, "getUnavailableException");
                if (unavailable != null) {
                    throw new IllegalStateException(unavailable.getMessage(), unavailable);
                }
                return context;
            } catch (Exception | LinkageError failed) {
                stop();
                throw failed;
            }
        });
    }

    /** Its class loader is closed with it. */
    void stop() throws Exception {
        within(() -> {
            core.stop();
            core.destroy();
            return context;
        });
    }

    @Nullable
    ClassLoader classLoader() {
        return core.getClassLoader();
    }

    Handler handler() {
        return core;
    }

    private interface Work {
        Object run() throws Exception;
    }

    private Object within(Work work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(environment.getClassLoader());
        try {
            return work.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static @Nullable Object call(Object on, String name) throws Exception {
        return invoke(on, on.getClass().getMethod(name));
    }

    private static void call(Object on, String name, Class<?> type, Object value) throws Exception {
        Object unused = invoke(on, on.getClass().getMethod(name, type), value);
    }

    private static @Nullable Object invoke(Object on, Method method, Object... values) throws Exception {
        try {
            return method.invoke(on, values);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
