package com.foobar.lb;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.tls.CertificateMap;
import com.foobar.kernel.tls.DevelopmentAuthority;
import com.foobar.kernel.tls.KeyMaterial;
import com.foobar.kernel.tls.KeyMaterialReader;
import com.foobar.kernel.tls.ServerNames;
import com.foobar.kernel.tls.TlsMaterialException;
import com.foobar.kernel.time.Time;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates a balancer shows: the files given, or one of the development authority's. */
final class Certificates {
    private static final Logger log = LoggerFactory.getLogger(Certificates.class);

    private final String balancer;
    private final Path folder;
    private final Time time;

    Certificates(String balancer, Path folder, Time time) {
        this.balancer = balancer;
        this.folder = folder;
        this.time = time;
    }

    CertificateMap read(LbPlan plan) throws TlsMaterialException {
        List<KeyMaterial> materials = new ArrayList<>();
        for (LbSettings.CertificateFiles files : plan.live().certificates()) {
            KeyMaterial material = KeyMaterialReader.pem(files.chain(), files.key());
            material.complaint(time.instant()).ifPresent(complaint -> log.warn("{}: {}", files.chain(), complaint));
            materials.add(material);
        }
        if (materials.isEmpty()) {
            materials.add(DevelopmentAuthority.open(folder, time).leaf(balancer, names(plan)));
        }
        return CertificateMap.of(materials);
    }

    private static ServerNames names(LbPlan plan) {
        List<String> dns = new ArrayList<>(List.of(plan.site(), "localhost"));
        dns.addAll(plan.live().hosts());
        List<InetAddress> addresses = new ArrayList<>(List.of(InetAddress.getLoopbackAddress()));
        try {
            addresses.add(InetAddress.getByName(plan.address()));
        } catch (UnknownHostException unknown) {
            dns.add(plan.address());
        }
        return ServerNames.of(dns, addresses);
    }

    static StartFailure unusable(TlsMaterialException broken) {
        return new StartFailure(broken.file() + ": " + broken.problem(), broken.cure(), broken);
    }
}
