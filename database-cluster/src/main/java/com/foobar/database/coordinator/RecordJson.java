package com.foobar.database.coordinator;

import com.foobar.database.model.Claim;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Position;
import com.foobar.database.model.Solo;
import com.foobar.database.model.Term;
import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.kernel.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The record as the quorum keeps it. Strict: on what is in it a proof rests, so a key too many, as a newer program may write it, is as
 * bad as one too few.
 */
final class RecordJson {
    private static final long FORMAT = 1;
    private static final Set<String> KEYS = Set.of(
            "format",
            "cluster",
            "version",
            "epoch",
            "primary",
            "ackers",
            "dialect",
            "floor",
            "closed",
            "solo",
            "claim",
            "barred",
            "maintenance");

    private RecordJson() {}

    static String write(ClusterRecord record) {
        JsonWriter json = new JsonWriter();
        json.beginObject()
                .field("format", FORMAT)
                .field("cluster", record.cluster())
                .field("version", record.version())
                .field("epoch", record.epoch().number())
                .field("primary", record.primary().text())
                .name("ackers")
                .beginObject();
        record.ackers().forEach((node, generation) -> json.name(node.text())
                .beginObject()
                .field("boot", generation.boot())
                .field("followed", generation.followed().number())
                .field("starts", generation.starts())
                .end());
        json.end()
                .field("dialect", "mariadb")
                .field("floor", spelled(record.floor()))
                .field("closed", record.closed())
                .field("solo", record.solo().name())
                .name("claim");
        Claim claim = record.claim();
        if (claim == null) {
            json.value((CharSequence) null);
        } else {
            json.beginObject()
                    .field("epoch", claim.epoch().number())
                    .field("term", claim.term().number())
                    .end();
        }
        json.name("barred").beginArray();
        record.barred().forEach(node -> json.value(node.text()));
        return json.end().field("maintenance", record.maintenance()).end().toString();
    }

    private static String spelled(Position position) {
        if (!(position instanceof GtidPosition gtid)) {
            throw new IllegalArgumentException(
                    "no spelling of " + position.getClass().getSimpleName());
        }
        return gtid.equals(GtidPosition.EMPTY) ? "" : gtid.toString();
    }

    static ClusterRecord read(String text) throws UnreadableRecord {
        try {
            Fields fields = new Fields("the record", Json.parse(text));
            fields.only(KEYS);
            if (fields.number("format") != FORMAT) {
                throw new UnreadableRecord("the record has format " + fields.number("format") + ", this program knows "
                        + FORMAT + ": run the newer program on every host");
            }
            if (!fields.text("dialect").equals("mariadb")) {
                throw new UnreadableRecord("positions of " + fields.text("dialect") + " are not known");
            }
            return new ClusterRecord(
                    fields.text("cluster"),
                    fields.number("version"),
                    new Epoch(fields.number("epoch")),
                    new NodeName(fields.text("primary")),
                    ackers(fields.inner("ackers")),
                    GtidPosition.parse(fields.text("floor")),
                    fields.bit("closed"),
                    Solo.valueOf(fields.text("solo")),
                    claim(fields),
                    barred(fields.list("barred")),
                    fields.bit("maintenance"));
        } catch (JsonSyntaxException | IllegalArgumentException e) {
            throw new UnreadableRecord("the record cannot be read: " + e.getMessage(), e);
        }
    }

    private static SortedMap<NodeName, Generation> ackers(Fields nodes) throws UnreadableRecord {
        SortedMap<NodeName, Generation> ackers = new TreeMap<>();
        for (String node : nodes.names()) {
            Fields one = nodes.inner(node);
            one.only(Set.of("boot", "followed", "starts"));
            ackers.put(
                    new NodeName(node),
                    new Generation(one.text("boot"), new Epoch(one.number("followed")), one.number("starts")));
        }
        return ackers;
    }

    private static @Nullable Claim claim(Fields fields) throws UnreadableRecord {
        if (fields.get("claim") == null) {
            return null;
        }
        Fields claim = fields.inner("claim");
        claim.only(Set.of("epoch", "term"));
        return new Claim(new Epoch(claim.number("epoch")), new Term(claim.number("term")));
    }

    private static SortedSet<NodeName> barred(List<?> names) throws UnreadableRecord {
        SortedSet<NodeName> barred = new TreeSet<>();
        for (Object name : names) {
            if (!(name instanceof String text) || !barred.add(new NodeName(text))) {
                throw new UnreadableRecord("\"barred\" is a list of different names, not " + names);
            }
        }
        return barred;
    }

    /** An object of which each value has the one type that is expected. */
    private record Fields(String where, Map<?, ?> values) {

        Fields(String where, @Nullable Object value) throws UnreadableRecord {
            this(where, value instanceof Map<?, ?> map ? map : refuse(where, value));
        }

        private static Map<?, ?> refuse(String where, @Nullable Object value) throws UnreadableRecord {
            throw new UnreadableRecord(where + " is no object but " + value);
        }

        void only(Set<String> keys) throws UnreadableRecord {
            if (!values.keySet().equals(keys)) {
                throw new UnreadableRecord(where + " has the keys " + values.keySet() + ", expected " + keys);
            }
        }

        List<String> names() {
            List<String> names = new ArrayList<>();
            values.keySet().forEach(name -> names.add(String.valueOf(name)));
            return names;
        }

        @Nullable
        Object get(String key) {
            return values.get(key);
        }

        String text(String key) throws UnreadableRecord {
            return value(key, String.class);
        }

        long number(String key) throws UnreadableRecord {
            return value(key, Long.class);
        }

        boolean bit(String key) throws UnreadableRecord {
            return value(key, Boolean.class);
        }

        List<?> list(String key) throws UnreadableRecord {
            return value(key, List.class);
        }

        Fields inner(String key) throws UnreadableRecord {
            return new Fields(where + "." + key, get(key));
        }

        private <T> T value(String key, Class<T> type) throws UnreadableRecord {
            Object value = get(key);
            if (!type.isInstance(value)) {
                throw new UnreadableRecord(where + "." + key + " is " + value + ", expected a "
                        + type.getSimpleName().toLowerCase(java.util.Locale.ROOT));
            }
            return type.cast(value);
        }
    }
}
