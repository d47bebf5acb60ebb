package com.foobar.kernel.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A configuration text.
 *
 * @param name as shown to people
 * @param folder what relative {@code ${file:…}} paths start from
 */
public record Text(String name, String content, Path folder) {
    static final int MOST_BYTES = 1 << 20;

    /** A text that came from nowhere near a file, such as the one carried in the jar. */
    public Text(String name, String content) {
        this(name, content, Path.of(""));
    }

    public static Text read(Path path) throws ConfigUnreadable {
        Path parent = path.getParent();
        return new Text(path.toString(), decoded(path, MOST_BYTES), parent == null ? Path.of("") : parent);
    }

    /** The text of a small UTF-8 file. Reads no further than the limit, whatever the file claims its size to be. */
    static String decoded(Path path, int mostBytes) throws ConfigUnreadable {
        try {
            if (Files.isDirectory(path)) {
                throw new ConfigUnreadable(path + ": is a folder, expected a file");
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(mostBytes + 1);
            }
            if (bytes.length > mostBytes) {
                throw new ConfigUnreadable(path + ": is larger than " + mostBytes + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException missing) {
            throw new ConfigUnreadable(path + ": there is no such file", missing);
        } catch (AccessDeniedException denied) {
            throw new ConfigUnreadable(path + ": may not be read by this user", denied);
        } catch (CharacterCodingException binary) {
            throw new ConfigUnreadable(path + ": is not UTF-8 text", binary);
        } catch (ConfigUnreadable told) {
            throw told;
        } catch (IOException other) {
            throw new ConfigUnreadable(path + ": cannot be read: " + other.getMessage(), other);
        }
    }

    /** The name only: the content may carry secrets. */
    @Override
    public String toString() {
        return name;
    }
}
