package com.foobar.database.storage;

import com.foobar.kernel.time.SystemTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A program that hangs in the middle of a publication until it is killed. */
final class HalfPublished {

    private HalfPublished() {}

    public static void main(String[] arguments) throws Exception {
        Publication.publish(Path.of(arguments[0]), Duration.ofSeconds(10), new SystemTime("half"), folder -> {
            Files.writeString(folder.resolve("half"), "half");
            System.out.println("HALF");
            new CountDownLatch(1).await();
        });
    }
}
