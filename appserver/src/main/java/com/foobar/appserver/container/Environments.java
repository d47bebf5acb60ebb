package com.foobar.appserver.container;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.ee.webapp.WebAppClassLoading;
import org.eclipse.jetty.util.component.Environment;

/**
 * The class loaders of the generations, over the folders {@code ee8}, {@code ee10} and {@code ee11}. Jetty keeps environments
 * by name for the whole JVM, so all application servers of a process share them.
 */
public final class Environments {
    /** What is ours is nothing that an application may find: with its own copy missing it would work here and nowhere else. */
    private static final String[] HIDDEN = {
        "com.foobar.",
        "io.undertow.",
        "org.xnio.",
        "org.jboss.",
        "org.wildfly.",
        "io.smallrye.",
        "ch.qos.logback.",
        "org.slf4j.",
        "org.apache.commons.",
        "org.apache.ratis.",
        "org.yaml.",
        "picocli.",
        "io.prometheus.",
        "com.zaxxer.",
        "com.mysql.",
        "org.mariadb.",
        "org.conscrypt.",
        "org.objectweb.asm.",
        "org.jspecify."
    };

    private final Path lib;

    /** The folder need not be there before the first application is. */
    public Environments(Path lib) {
        this.lib = lib;
    }

    /** Made when first asked for. */
    Environment of(Generation generation) throws IOException {
        synchronized (Environments.class) {
            Environment known = Environment.get(generation.word());
            return known != null ? known : made(generation);
        }
    }

    private Environment made(Generation generation) throws IOException {
        Path folder = lib.resolve(generation.word());
        if (!Files.isDirectory(folder)) {
            throw new IOException("the folder " + folder
                    + " with the libraries of this generation is missing: restore it from the distribution");
        }
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".jar")) {
                    jars.add(url(file));
                }
            }
        }
        // Never closed: it lives as long as the JVM, like the class path.
        URLClassLoader loader =
                new URLClassLoader(generation.word(), jars.toArray(new URL[0]), Environments.class.getClassLoader());
        Environment environment = Environment.create(generation.word(), loader);
        WebAppClassLoading.addHiddenClasses(environment, HIDDEN);
        return environment;
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException("a file has no URL: " + file, impossible);
        }
    }
}
