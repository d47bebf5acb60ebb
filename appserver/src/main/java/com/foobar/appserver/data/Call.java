package com.foobar.appserver.data;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A call that an application made, to be made on whatever connection stands behind its own. */
final class Call {

    private final Method method;
    private final Object @Nullable [] arguments;

    Call(Method method, Object @Nullable ... arguments) {
        this.method = method;
        this.arguments = arguments;
    }

    String name() {
        return method.getName();
    }

    @Nullable
    Object on(Object target) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
