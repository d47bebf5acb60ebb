package com.foobar.appserver.container;

import java.util.Map;

/** What applications find at {@code java:comp/env}. */
@FunctionalInterface
public interface Resources {
    Resources NONE = application -> Map.of();

    /**
     * The objects by the names below {@code java:comp/env}, as {@code jdbc/foobar}; bound anew for each start of the application.
     * What is bound must be of types that applications see, so of the JDK.
     *
     * @param application the name it was deployed under
     */
    Map<String, Object> of(String application);
}
