package com.foobar.kernel.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A certificate or key cannot be used. The message names the file and what is wrong with it; the cure says what to do. */
public final class TlsMaterialException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String problem;
    private final String cure;

    public TlsMaterialException(Path file, String problem, String cure) {
        this(file, problem, cure, null);
    }

    public TlsMaterialException(Path file, String problem, String cure, @Nullable Throwable cause) {
        super(file + ": " + problem, cause);
        this.file = file.toString();
        this.problem = problem;
        this.cure = cure;
    }

    public Path file() {
        return Path.of(file);
    }

    /** The message without the file. */
    public String problem() {
        return problem;
    }

    public String cure() {
        return cure;
    }
}
