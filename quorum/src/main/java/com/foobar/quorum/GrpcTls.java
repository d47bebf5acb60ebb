package com.foobar.quorum;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.tls.KeyMaterial;
import com.foobar.kernel.tls.KeyMaterialReader;
import com.foobar.kernel.tls.TlsMaterialException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.security.TlsConf.CertificatesConf;
import org.apache.ratis.security.TlsConf.PrivateKeyConf;

/** Reads the files ourselves: the kernel's reader says which file is wrong and what to do. */
final class GrpcTls {

    private GrpcTls() {}

    static GrpcTlsConfig of(VoterTls tls) throws StartFailure {
        try {
            KeyMaterial own = KeyMaterialReader.pem(tls.certificates(), tls.key());
            List<X509Certificate> trusted = KeyMaterialReader.certificates(tls.trusted());
            GrpcTlsConfig.Builder builder = GrpcTlsConfig.newBuilder();
            builder.setPrivateKey(new PrivateKeyConf(own.privateKey()));
            builder.setKeyCertificates(new CertificatesConf(own.chain()));
            builder.setTrustCertificates(new CertificatesConf(trusted));
            builder.setMutualTls(true);
            return builder.build();
        } catch (TlsMaterialException unusable) {
            throw new StartFailure(unusable.file() + ": " + unusable.problem(), unusable.cure(), unusable);
        }
    }
}
