package com.foobar.appserver.container;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which application a path leads to. One reference is swapped, so a request sees either the old version or the new one. */
public final class Switchboard {
    /** Longest context path first. */
    private volatile List<Application> applications = List.of();

    /** Puts it where it belongs, and returns what was there before: it gets no requests any more, but has some. */
    public synchronized @Nullable Application put(Application fresh) {
        Application before = at(fresh.contextPath());
        List<Application> next = new ArrayList<>(applications);
        if (before != null) {
            next.remove(before);
        }
        next.add(fresh);
        next.sort(Comparator.comparingInt((Application one) -> one.contextPath().length())
                .reversed());
        applications = List.copyOf(next);
        return before;
    }

    public synchronized @Nullable Application remove(String contextPath) {
        Application before = at(contextPath);
        applications = applications.stream().filter(one -> one != before).toList();
        return before;
    }

    public List<Application> all() {
        return applications;
    }

    private @Nullable Application at(String contextPath) {
        for (Application one : applications) {
            if (one.contextPath().equals(contextPath)) {
                return one;
            }
        }
        return null;
    }

    /** For a path as it was decoded and made canonical. */
    @Nullable
    Application find(String path) {
        for (Application one : applications) {
            String prefix = one.contextPath();
            boolean root = prefix.length() == 1;
            if (root
                    || (path.startsWith(prefix)
                            && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/'))) {
                return one;
            }
        }
        return null;
    }
}
