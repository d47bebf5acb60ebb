package com.foobar.kernel.config;

import com.foobar.kernel.config.Tree.Kind;
import java.util.List;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.jspecify.annotations.Nullable;

/** The layer of {@code --set}. */
final class Overrides {
    private static final Origin NOWHERE = new Origin.Flag("--set");

    private Overrides() {}

    static ImmutableNode read(List<String> overrides, Findings findings) {
        ImmutableNode all = Tree.branch("", Kind.MAP, NOWHERE, List.of());
        for (String override : overrides) {
            ImmutableNode one = one(override, findings);
            if (one != null) {
                all = new Precedence().combine(one, all);
            }
        }
        return all;
    }

    private static @Nullable ImmutableNode one(String override, Findings findings) {
        int equals = equalsSign(override);
        // Only what looks like a key is repeated: the rest may be a secret that lost its "=".
        String key = equals < 0 ? keyLike(override) : override.substring(0, equals);
        Origin origin = new Origin.Flag("--set " + key);
        if (equals <= 0) {
            findings.error(origin, "", "expected KEY=VALUE");
            return null;
        }
        try {
            KeyPath path = KeyPath.parse(key);
            String value = override.substring(equals + 1);
            ImmutableNode leaf = value.startsWith("[") || value.startsWith("{")
                    ? YamlTree.flow(path, value, origin, findings)
                    : Tree.scalar(path.last(), origin, value);
            return leaf == null ? null : wrapped(path, leaf, origin);
        } catch (IllegalArgumentException malformed) {
            findings.error(origin, "", malformed.getMessage() + ", expected KEY=VALUE");
            return null;
        }
    }

    static ImmutableNode wrapped(KeyPath path, ImmutableNode leaf, Origin origin) {
        ImmutableNode node = leaf;
        for (int depth = path.parts().size() - 2; depth >= -1; depth--) {
            String name = depth < 0 ? "" : path.parts().get(depth);
            node = Tree.branch(name, Kind.MAP, origin, List.of(node));
        }
        return node;
    }

    /** The first {@code =} outside quotes. */
    private static int equalsSign(String override) {
        boolean quoted = false;
        for (int i = 0; i < override.length(); i++) {
            char c = override.charAt(i);
            quoted ^= c == '"';
            if (c == '=' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static String keyLike(String override) {
        int end = 0;
        while (end < override.length()
                && (Character.isLetterOrDigit(override.charAt(end)) || ".-_".indexOf(override.charAt(end)) >= 0)) {
            end++;
        }
        return override.substring(0, end) + (end < override.length() ? "..." : "");
    }
}
