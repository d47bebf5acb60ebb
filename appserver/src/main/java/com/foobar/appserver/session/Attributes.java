package com.foobar.appserver.session;

import com.foobar.kernel.value.ByteSize;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A session's attributes as bytes and back. All in one stream, so that two attributes that share an object still share it afterwards;
 * one that cannot be serialised is left out and named, because the rest (who is logged in, above all) is worth keeping.
 */
final class Attributes {

    private static final int DEEPEST = 200;
    private static final long MOST_REFERENCES = 1_000_000;

    /** What was written, and which attributes could not be. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two
    record Written(byte[] bytes, List<String> leftOut) {
        Written {
            leftOut = List.copyOf(leftOut);
        }
    }

    private Attributes() {}

    static Written write(Map<String, Object> attributes, ByteSize limit) throws SessionTooLarge {
        try {
            return new Written(bytes(new HashMap<>(attributes), limit), List.of());
        } catch (LimitReached e) {
            throw new SessionTooLarge(limit, largest(attributes, limit));
        } catch (IOException | RuntimeException unserialisable) {
            return writeWhatCan(attributes, limit);
        }
    }

    private static Written writeWhatCan(Map<String, Object> attributes, ByteSize limit) throws SessionTooLarge {
        HashMap<String, Object> kept = new HashMap<>();
        List<String> leftOut = new ArrayList<>();
        attributes.forEach((name, value) -> {
            try {
                byte[] unused = bytes(value, limit);
                kept.put(name, value);
            } catch (LimitReached e) {
                // All together will say so.
                kept.put(name, value);
            } catch (IOException | RuntimeException e) {
                leftOut.add(name + " (" + value.getClass().getName() + ": " + e + ")");
            }
        });
        try {
            return new Written(bytes(kept, limit), leftOut);
        } catch (LimitReached e) {
            throw new SessionTooLarge(limit, largest(kept, limit));
        } catch (IOException e) {
            throw new IllegalStateException("each attribute could be serialised, all together could not", e);
        }
    }

    /** The attribute to blame. */
    private static String largest(Map<String, Object> attributes, ByteSize limit) {
        String largest = "";
        long most = -1;
        for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
            long size = size(attribute.getValue(), limit);
            if (size > most) {
                most = size;
                largest = attribute.getKey() + " ("
                        + attribute.getValue().getClass().getName() + ")";
            }
        }
        return largest;
    }

    private static long size(Object value, ByteSize limit) {
        try {
            return bytes(value, limit).length;
        } catch (LimitReached e) {
            return limit.bytes() + 1;
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    private static byte[] bytes(Object value, ByteSize limit) throws IOException {
        Bounded out = new Bounded(limit);
        try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
            objects.writeObject(value);
        }
        return out.bytes();
    }

    /** Classes are the application's own, by its class loader and no other. */
    static Map<String, Object> read(byte[] bytes, ClassLoader application) throws IOException, ClassNotFoundException {
        try (ObjectInputStream objects = new Objects(new ByteArrayInputStream(bytes), application)) {
            objects.setObjectInputFilter(info ->
                    info.depth() > DEEPEST || info.references() > MOST_REFERENCES || info.arrayLength() > bytes.length
                            ? ObjectInputFilter.Status.REJECTED
                            : ObjectInputFilter.Status.UNDECIDED);
            Map<String, Object> attributes = new HashMap<>();
            ((Map<?, ?>) objects.readObject()).forEach((name, value) -> attributes.put((String) name, value));
            return attributes;
        } catch (ClassCastException e) {
            throw new InvalidClassException("no map of attributes: " + e.getMessage());
        }
    }

    private static final class LimitReached extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Stops before the memory does. */
    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream(1024);
        private final ByteSize limit;

        private Bounded(ByteSize limit) {
            this.limit = limit;
        }

        @Override
        public void write(int b) throws IOException {
            require(1);
            kept.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            require(length);
            kept.write(bytes, offset, length);
        }

        private void require(int more) throws LimitReached {
            if (kept.size() + (long) more > limit.bytes()) {
                throw new LimitReached();
            }
        }

        private byte[] bytes() {
            return kept.toByteArray();
        }
    }

    private static final class Objects extends ObjectInputStream {
        private final ClassLoader application;

        private Objects(InputStream in, ClassLoader application) throws IOException {
            super(in);
            this.application = application;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass described) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(described.getName(), false, application);
            } catch (ClassNotFoundException e) {
                // Primitive types have no loader that knows them by name.
                Class<?> primitive = PRIMITIVES.get(described.getName());
                if (primitive == null) {
                    throw e;
                }
                return primitive;
            }
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws ClassNotFoundException {
            Class<?>[] types = new Class<?>[interfaces.length];
            for (int i = 0; i < interfaces.length; i++) {
                types[i] = Class.forName(interfaces[i], false, application);
            }
            return Proxy.newProxyInstance(application, types, (proxy, method, arguments) -> null)
                    .getClass();
        }
    }

    private static final Map<String, Class<?>> PRIMITIVES = Map.of(
            "boolean", boolean.class,
            "byte", byte.class,
            "char", char.class,
            "short", short.class,
            "int", int.class,
            "long", long.class,
            "float", float.class,
            "double", double.class,
            "void", void.class);
}
