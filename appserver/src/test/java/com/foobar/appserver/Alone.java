package com.foobar.appserver;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** An application server in a process of its own; its folder and its port are the arguments. */
public final class Alone {
    private Alone() {}

    public static void main(String[] arguments) throws Exception {
        try (App app = new App(Path.of(arguments[0]), Integer.parseInt(arguments[1]))) {
            app.role.start();
            System.out.println("ready: " + app.role.applications());
            new CountDownLatch(1).await();
        }
    }
}
