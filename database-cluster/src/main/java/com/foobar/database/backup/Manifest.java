package com.foobar.database.backup;

import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.kernel.json.JsonWriter;
import com.foobar.kernel.lifecycle.StartFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a backup is, in the file beside it.
 *
 * @param position where the dump's view of the data stands
 * @param history the same for each primary so far, which a dump does not tell
 * @param verified loaded into a scratch server, which then held the same rows as the source in that view
 */
record Manifest(
        String cluster,
        long epoch,
        String node,
        String taken,
        String position,
        String history,
        String server,
        String schema,
        List<TableSum> tables,
        long bytes,
        String sha256,
        boolean verified) {

    static final String FILE = "manifest.json";
    static final String DUMP = "dump.sql.gz";
    private static final String FORMAT = "foobar-backup-1";
    private static final String CURE = "name the folder of a whole backup: foobar-CLUSTER-TIME";

    Manifest {
        tables = List.copyOf(tables);
    }

    String json() {
        JsonWriter json = new JsonWriter()
                .beginObject()
                .field("format", FORMAT)
                .field("cluster", cluster)
                .field("epoch", epoch)
                .field("node", node)
                .field("taken", taken)
                .field("position", position)
                .field("history", history)
                .field("server", server)
                .field("schema", schema)
                .field("bytes", bytes)
                .field("sha256", sha256)
                .field("verified", verified)
                .field(
                        "how",
                        verified
                                ? "loaded into a scratch server; rows and CHECKSUM TABLE equal to the source's same snapshot"
                                : "not loaded")
                .name("tables")
                .beginArray();
        tables.forEach(one -> json.beginObject()
                .field("table", one.table())
                .field("rows", one.rows())
                .field("checksum", one.checksum())
                .end());
        return json.end().end() + "\n";
    }

    /** Of a backup whose dump is still what was written. */
    static Manifest ofWhole(Path backup) throws StartFailure {
        Path file = backup.resolve(FILE);
        try {
            Manifest manifest = parse(Files.readString(file), file);
            Path dump = backup.resolve(DUMP);
            if (Files.size(dump) != manifest.bytes() || !hash(dump).equals(manifest.sha256())) {
                throw new StartFailure(
                        dump + " is not what was written: its size or SHA-256 differs from " + file,
                        "nothing was restored; use another backup");
            }
            return manifest;
        } catch (IOException e) {
            throw new StartFailure(backup + " is no backup that can be read: " + e, CURE, e);
        }
    }

    private static Manifest parse(String text, Path file) throws StartFailure {
        try {
            if (Json.parse(text) instanceof Map<?, ?> map
                    && FORMAT.equals(map.get("format"))
                    && map.get("tables") instanceof List<?> tables) {
                List<TableSum> sums = new ArrayList<>();
                for (Object one : tables) {
                    Map<?, ?> sum = (Map<?, ?>) one;
                    sums.add(new TableSum(text(sum, "table"), number(sum, "rows"), text(sum, "checksum")));
                }
                return new Manifest(
                        text(map, "cluster"),
                        number(map, "epoch"),
                        text(map, "node"),
                        text(map, "taken"),
                        text(map, "position"),
                        map.containsKey("history") ? text(map, "history") : text(map, "position"),
                        text(map, "server"),
                        text(map, "schema"),
                        sums,
                        number(map, "bytes"),
                        text(map, "sha256"),
                        Boolean.TRUE.equals(map.get("verified")));
            }
        } catch (JsonSyntaxException | ClassCastException | IllegalArgumentException e) {
            throw new StartFailure(file + " is no manifest of a backup: " + e, CURE, e);
        }
        throw new StartFailure(file + " is no manifest of a backup", CURE);
    }

    private static String text(Map<?, ?> map, String key) {
        if (map.get(key) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no text at " + key);
    }

    private static long number(Map<?, ?> map, String key) {
        if (map.get(key) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("no number at " + key);
    }

    static String hash(Path file) throws IOException {
        try (InputStream all = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(all, MessageDigest.getInstance("SHA-256"))) {
            long unused = digest.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
