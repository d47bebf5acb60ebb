package com.foobar.lb;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Clients that keep their connections open, in a process of their own: theirs and the balancer's ends together are more file
 * descriptors than many machines give to one process.
 */
final class Crowd {
    private static final byte[] QUESTION =
            ("GET / HTTP/1.1\r\nHost: " + Balancer.SITE + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);

    private static final int PATIENCE_MILLIS = 20_000;

    private Crowd() {}

    /** Port, number of connections, number of requests after all of them are open, seed. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        int trickle = Integer.parseInt(arguments[2]);
        List<Socket> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket one = new Socket();
            one.setTcpNoDelay(true);
            one.setSoTimeout(PATIENCE_MILLIS);
            one.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            all.add(one);
        }
        System.out.println("connected " + count);
        System.out.println("greeted " + answered(all));
        Random random = new Random(Long.parseLong(arguments[3]));
        List<Socket> some = new ArrayList<>();
        for (int i = 0; i < trickle; i++) {
            some.add(all.get(random.nextInt(count)));
        }
        System.out.println("trickled " + answered(some));
        Thread.currentThread().join();
    }

    /** How many got a whole answer, asked one after the other. */
    private static int answered(List<Socket> clients) {
        int good = 0;
        byte[] buffer = new byte[8 * 1024];
        for (Socket one : clients) {
            good += answered(one, buffer) ? 1 : 0;
        }
        return good;
    }

    private static boolean answered(Socket one, byte[] buffer) {
        try {
            one.getOutputStream().write(QUESTION);
            InputStream in = one.getInputStream();
            int filled = 0;
            while (true) {
                int read = in.read(buffer, filled, buffer.length - filled);
                if (read < 0) {
                    return false;
                }
                filled += read;
                String answer = new String(buffer, 0, filled, StandardCharsets.ISO_8859_1);
                if (answer.endsWith("\r\n\r\nok")) {
                    return answer.startsWith("HTTP/1.1 200 ");
                }
            }
        } catch (IOException broken) {
            return false;
        }
    }
}
