package com.foobar.database.remote;

import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One connection after both sides have proven that they know the secret. A frame is its length, its bytes and a seal over its place in
 * the row and its bytes, by a key of this connection and direction: no frame can be changed, left out, repeated or sent back. One
 * thread reads, one writes.
 */
final class Frames implements AutoCloseable {

    /** No sentence of ours comes near. */
    static final int LARGEST = 64 * 1024;

    private static final int LARGEST_GREETING = 1024;
    private static final int NONCE = 32;
    private static final int SEAL = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private Mac reading;
    private Mac writing;
    private long read; // the reader's alone
    private long written; // the writer's alone

    private Frames(Socket socket, Socket spoken, Mac unsealed) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(spoken.getInputStream());
        this.out = new DataOutputStream(new BufferedOutputStream(spoken.getOutputStream()));
        this.reading = unsealed;
        this.writing = unsealed;
    }

    /** The side that is asked speaks first, so that a proof is never for a challenge that the prover chose. */
    static Frames answering(Socket socket, Access access) throws IOException {
        Secret secret = access.secret();
        Frames frames = new Frames(socket, access.answering(socket), key(secret, "none"));
        String door = nonce();
        frames.sendPlain(Map.of("foobar-door", 1L, "nonce", door));
        Fields answer = frames.receivePlain();
        String asker = answer.text("nonce");
        frames.requireProof(answer, secret, "asker proves", door, asker);
        frames.sendPlain(Map.of("proof", proof(secret, "door proves", door, asker)));
        frames.reading = key(secret, "asker seals " + door + asker);
        frames.writing = key(secret, "door seals " + door + asker);
        return frames;
    }

    /** At the door at that address, to which the socket is connected. */
    static Frames asking(Socket socket, HostPort door, Access access) throws IOException {
        Secret secret = access.secret();
        Frames frames = new Frames(socket, access.asking(socket, door), key(secret, "none"));
        Fields greeting = frames.receivePlain();
        if (greeting.number("foobar-door") != 1) {
            throw new Rubbish("a door of another version");
        }
        String challenge = greeting.text("nonce");
        String asker = nonce();
        frames.sendPlain(Map.of("nonce", asker, "proof", proof(secret, "asker proves", challenge, asker)));
        frames.requireProof(frames.receivePlain(), secret, "door proves", challenge, asker);
        frames.reading = key(secret, "door seals " + challenge + asker);
        frames.writing = key(secret, "asker seals " + challenge + asker);
        return frames;
    }

    private void requireProof(Fields from, Secret secret, String who, String door, String asker) throws Rubbish {
        // A side that sends our own challenge back, or a short one, wants to use us as an oracle.
        if (asker.length() != 2 * NONCE || door.length() != 2 * NONCE || asker.equals(door)) {
            throw new Rubbish("no challenge");
        }
        byte[] expected = proof(secret, who, door, asker).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(expected, from.text("proof").getBytes(StandardCharsets.UTF_8))) {
            throw new Rubbish("the other side does not know the cluster's secret");
        }
    }

    private static String nonce() {
        byte[] bytes = new byte[NONCE];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String proof(Secret secret, String who, String door, String asker) {
        return HexFormat.of().formatHex(key(secret, who).doFinal((door + asker).getBytes(StandardCharsets.UTF_8)));
    }

    /** A key of its own for every purpose, drawn from the secret. */
    private static Mac key(Secret secret, String purpose) {
        try {
            Mac root = Mac.getInstance(ALGORITHM);
            root.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            Mac key = Mac.getInstance(ALGORITHM);
            key.init(new SecretKeySpec(root.doFinal(purpose.getBytes(StandardCharsets.UTF_8)), ALGORITHM));
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private void sendPlain(Map<String, ?> members) throws IOException {
        byte[] bytes = Fields.write(members).getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    private Fields receivePlain() throws IOException {
        return Fields.parse(bytes(LARGEST_GREETING));
    }

    void idleLimit(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
    }

    void send(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        if (payload.length > LARGEST) {
            throw new IOException("a frame of " + payload.length + " bytes; the limit is " + LARGEST);
        }
        out.writeInt(payload.length);
        out.write(payload);
        out.write(seal(writing, written++, payload));
        out.flush();
    }

    Fields receive() throws IOException {
        byte[] payload = bytes(LARGEST);
        byte[] seal = in.readNBytes(SEAL);
        if (!MessageDigest.isEqual(seal, seal(reading, read++, payload))) {
            throw new Rubbish("a broken seal");
        }
        return Fields.parse(payload);
    }

    private static byte[] seal(Mac key, long place, byte[] payload) {
        key.update(ByteBuffer.allocate(Long.BYTES).putLong(place).array());
        return Arrays.copyOf(key.doFinal(payload), SEAL);
    }

    private byte[] bytes(int most) throws IOException {
        int length = in.readInt();
        if (length < 2 || length > most) {
            throw new Rubbish("a frame beyond its limit of " + most + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new InterruptedIOException("the connection ended within a frame");
        }
        return bytes;
    }

    /** Also wakes a thread that reads or writes, and never waits for one: the socket below TLS is closed. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
            return;
        }
    }
}
