package com.foobar.http.listen;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Request identifiers: 128 random bits as 26 letters and digits. They are unique, not secret: each thread has a fast
 * generator (xoshiro256++) that took its seed from the system once, so no thread waits for another or for entropy.
 */
public final class RequestIds {

    private static final int SIZE = 26;
    private static final int MOST = 64;
    private static final byte[] LETTERS = "0123456789abcdefghjkmnpqrstvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom SEEDS = new SecureRandom();
    private static final ThreadLocal<RequestIds> OWN = ThreadLocal.withInitial(RequestIds::new);

    private long a = SEEDS.nextLong();
    private long b = SEEDS.nextLong();
    private long c = SEEDS.nextLong();
    private long d = SEEDS.nextLong() | 1;

    private RequestIds() {}

    /** A new identifier. */
    public static String next() {
        RequestIds own = OWN.get();
        long high = own.bits();
        long low = own.bits();
        byte[] text = new byte[SIZE];
        for (int i = SIZE - 1; i >= 0; i--) {
            text[i] = LETTERS[(int) low & 31];
            low = low >>> 5 | high << 59;
            high >>>= 5;
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** The received identifier if the peer may choose one and chose it well, else a new one. */
    public static String of(boolean trusted, @Nullable String received) {
        return trusted && received != null && wellFormed(received) ? received : next();
    }

    static boolean wellFormed(String id) {
        int size = id.length();
        if (size == 0 || size > MOST) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            char letter = id.charAt(i);
            boolean good = (letter >= 'a' && letter <= 'z')
                    || (letter >= 'A' && letter <= 'Z')
                    || (letter >= '0' && letter <= '9')
                    || letter == '.'
                    || letter == '_'
                    || letter == '-';
            if (!good) {
                return false;
            }
        }
        return true;
    }

    /** Writes random bits as lower-case hexadecimal digits, never all zero: trace identifiers may not be. */
    static void hex(byte[] text, int from, int digits) {
        RequestIds own = OWN.get();
        for (int done = 0; done < digits; done += 16) {
            long bits = own.bits() | 1L << 4;
            for (int i = done; i < Math.min(digits, done + 16); i++) {
                text[from + i] = HEX[(int) bits & 15];
                bits >>>= 4;
            }
        }
    }

    private long bits() {
        long result = Long.rotateLeft(a + d, 23) + a;
        long shifted = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = Long.rotateLeft(d, 45);
        return result;
    }
}
