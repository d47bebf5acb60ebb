package com.foobar.kernel.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text form: blocks between BEGIN and END lines, with anything around them. */
final class Pem {

    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ([A-Z0-9 #]+)-----\\s*+((?:[A-Za-z-]+:[^\\r\\n]*+\\s*+)*+)([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    /** One block; {@code encrypted} is the old OpenSSL way of locking a key, said in a header and not in the label. */
    record Block(String label, boolean encrypted, String base64) {

        byte[] der() {
            return Base64.getMimeDecoder().decode(base64);
        }
    }

    /** The blocks in order. @throws IllegalArgumentException when a block begins and never ends, or is not base 64 */
    static List<Block> blocks(String text) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        int from = 0;
        while (matcher.find()) {
            refuseBrokenBlock(text.substring(from, matcher.start()));
            from = matcher.end();
            boolean encrypted = matcher.group(2).contains("ENCRYPTED");
            Block block = new Block(matcher.group(1), encrypted, matcher.group(3));
            // Decoded here once, so that whoever holds a block can rely on it.
            block.der();
            blocks.add(block);
        }
        refuseBrokenBlock(text.substring(from));
        return blocks;
    }

    static String text(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private static void refuseBrokenBlock(String between) {
        int begin = between.indexOf("-----BEGIN ");
        if (begin >= 0) {
            String line = between.substring(begin).lines().findFirst().orElse("");
            throw new IllegalArgumentException("the block that starts with " + line + " is cut off or damaged");
        }
    }
}
