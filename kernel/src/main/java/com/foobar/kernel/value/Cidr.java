package com.foobar.kernel.value;

import java.net.InetAddress;

/** A network: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address. */
public record Cidr(InetAddress network, int prefix) {
    private static final String EXPECTED = "a network such as 10.0.0.0/8, fd00::/8 or one address";

    public Cidr {
        int bits = network.getAddress().length * 8;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(EXPECTED);
        }
    }

    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = Addresses.literal(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException(EXPECTED);
        }
        byte[] bytes = address.getAddress();
        int prefix = slash < 0 ? bytes.length * 8 : prefix(text.substring(slash + 1));
        Cidr cidr = new Cidr(address, prefix);
        for (int bit = prefix; bit < bytes.length * 8; bit++) {
            // 10.0.0.1/8 is more often a slip than a wish, and it would open sixteen million addresses.
            if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) {
                throw new IllegalArgumentException(EXPECTED + ", with nothing set behind the prefix");
            }
        }
        return cidr;
    }

    private static int prefix(String digits) {
        if (digits.isEmpty() || digits.length() > 3 || !Alphabet.DIGITS.spells(digits)) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return Integer.parseInt(digits);
    }

    public boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (ours[i] != theirs[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((ours[whole] ^ theirs[whole]) & 0xff) >> (8 - rest) == 0;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
