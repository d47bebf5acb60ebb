package com.foobar.quorum;

import java.lang.Thread.UncaughtExceptionHandler;
import org.apache.ratis.util.ExitUtils;

/**
 * Takes from Ratis what is not a library's: it ends the process when a port is taken or a disk fails, and makes itself the handler of every
 * exception nobody caught, so that a fault anywhere in the process would end it.
 */
final class NoExit {

    static {
        UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        ExitUtils.disableSystemExit();
        ExitUtils.setTerminateOnUncaughtException(false);
        // The first use of ExitUtils has replaced it.
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    private NoExit() {}

    /** Once per process; later calls do nothing. */
    static void ensure() {}
}
