package com.foobar.http.transport;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/** PURE. The PROXY protocol as it is sent to a backend: who the client is, before the first byte of its request. */
public enum ProxyVersion {
    /** One line of text. */
    V1 {
        @Override
        public byte[] header(InetSocketAddress client, InetSocketAddress reached) {
            boolean four = isFour(client) && isFour(reached);
            return ascii((four ? "PROXY TCP4 " : "PROXY TCP6 ") + text(client.getAddress(), four) + ' '
                    + text(reached.getAddress(), four) + ' ' + client.getPort() + ' ' + reached.getPort() + "\r\n");
        }

        @Override
        public byte[] ownHeader() {
            return ascii("PROXY UNKNOWN\r\n");
        }
    },
    /** Binary. */
    V2 {
        @Override
        public byte[] header(InetSocketAddress client, InetSocketAddress reached) {
            boolean four = isFour(client) && isFour(reached);
            byte[] from = octets(client.getAddress(), four);
            byte[] to = octets(reached.getAddress(), four);
            ByteArrayOutputStream out = new ByteArrayOutputStream(52);
            out.writeBytes(SIGNATURE);
            out.write(0x21);
            out.write(four ? 0x11 : 0x21);
            number(out, from.length + to.length + 4);
            out.writeBytes(from);
            out.writeBytes(to);
            number(out, client.getPort());
            number(out, reached.getPort());
            return out.toByteArray();
        }

        @Override
        public byte[] ownHeader() {
            ByteArrayOutputStream out = new ByteArrayOutputStream(16);
            out.writeBytes(SIGNATURE);
            out.write(0x20);
            out.write(0x00);
            number(out, 0);
            return out.toByteArray();
        }
    };

    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

    /** For a client's connection: where it came from, and where it thought it went. */
    public abstract byte[] header(InetSocketAddress client, InetSocketAddress reached);

    /** For a connection on nobody's behalf, such as a check. */
    public abstract byte[] ownHeader();

    private static boolean isFour(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }

    private static byte[] ascii(String line) {
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(InetAddress address, boolean four) {
        if (four) {
            return address.getHostAddress();
        }
        byte[] octets = octets(address, false);
        StringJoiner groups = new StringJoiner(":");
        for (int i = 0; i < octets.length; i += 2) {
            groups.add(Integer.toHexString((octets[i] & 0xff) << 8 | (octets[i + 1] & 0xff)));
        }
        return groups.toString();
    }

    /** Of two families only the larger can name both: IPv4 has a place in IPv6 (::ffff:0:0/96). */
    private static byte[] octets(InetAddress address, boolean four) {
        byte[] own = address.getAddress();
        if (four || address instanceof Inet6Address) {
            return own;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(own, 0, mapped, 12, own.length);
        return mapped;
    }

    private static void number(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }
}
