package com.foobar.kernel.tls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate answers for which server name: the exact name, else the wildcard one label up, else the default. Immutable;
 * a reload makes a new one. A name may have several certificates with keys of different algorithms (RSA for old clients).
 */
public final class CertificateMap {

    private final List<KeyMaterial> fallback;
    private final Map<String, List<KeyMaterial>> byName = new HashMap<>();
    private final Map<String, KeyMaterial> byFingerprint = new LinkedHashMap<>();

    private CertificateMap(List<KeyMaterial> materials) {
        KeyMaterial first = materials.get(0);
        for (KeyMaterial material : materials) {
            byFingerprint.putIfAbsent(material.fingerprint(), material);
            for (String name : material.dnsNames()) {
                byName.computeIfAbsent(name, n -> new ArrayList<>()).add(material);
            }
        }
        // The default may come in several algorithms as well, if the same names say that they are the same thing.
        fallback = materials.stream()
                .filter(material -> material.dnsNames().equals(first.dnsNames()))
                .toList();
    }

    /** The first material is the default; where two claim the same name with the same algorithm, the earlier one wins. */
    public static CertificateMap of(List<KeyMaterial> materials) {
        if (materials.isEmpty()) {
            throw new IllegalArgumentException("a TLS server needs at least one certificate");
        }
        return new CertificateMap(materials);
    }

    public static CertificateMap of(KeyMaterial only) {
        return of(List.of(only));
    }

    /**
     * The material for a client that asked for this name (or none) and can check keys of this algorithm. Null means that the
     * name is ours but not with this algorithm: better to be asked again with the next than to show a wrong name.
     */
    public @Nullable KeyMaterial pick(@Nullable String serverName, String algorithm) {
        for (KeyMaterial material : candidates(serverName)) {
            if (material.privateKey().getAlgorithm().equals(algorithm)) {
                return material;
            }
        }
        return null;
    }

    /** Every material once, the default first. */
    public List<KeyMaterial> materials() {
        return List.copyOf(byFingerprint.values());
    }

    @Nullable
    KeyMaterial byFingerprint(String fingerprint) {
        return byFingerprint.get(fingerprint);
    }

    private List<KeyMaterial> candidates(@Nullable String serverName) {
        if (serverName == null) {
            return fallback;
        }
        String name = serverName.toLowerCase(Locale.ROOT);
        List<KeyMaterial> exact = byName.get(name);
        if (exact != null) {
            return exact;
        }
        int dot = name.indexOf('.');
        List<KeyMaterial> wildcard = dot > 0 ? byName.get("*" + name.substring(dot)) : null;
        return wildcard != null ? wildcard : fallback;
    }
}
