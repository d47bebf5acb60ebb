package com.foobar.kernel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.ExternalTool;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyMaterialReaderTest {

    @TempDir
    Path folder;

    private KeyMaterial leaf;
    private Path leafFile;

    @BeforeEach
    void issueOne() throws Exception {
        leaf = DevelopmentAuthority.open(folder, Clock.systemUTC())
                .leaf("www", ServerNames.of(List.of("www.foobar.com"), List.of()));
        leafFile = folder.resolve("www.pem");
    }

    @Test
    void aKeyNeverShowsItselfInText() {
        assertThat(leaf.toString()).contains("www.foobar.com", "EC", leaf.fingerprint());
        assertThat(leaf.toString()).doesNotContain("PRIVATE").doesNotContain("privateKey");
    }

    /** Every form in which openssl writes keys today and wrote them yesterday. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | PRIVATE KEY     | EC
                    genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048   | PRIVATE KEY     | RSA
                    genpkey -algorithm ED25519                             | PRIVATE KEY     | EdDSA
                    ecparam -name secp384r1 -genkey                        | EC PRIVATE KEY  | EC
                    genrsa -traditional                                    | RSA PRIVATE KEY | RSA
                    """)
    void readsWhatOpensslWrites(String command, String label, String algorithm) throws Exception {
        ExternalTool openssl = ExternalTool.needed("openssl");
        Path key = folder.resolve("key.pem");
        Path certificate = folder.resolve("certificate.pem");
        openssl.run((command + " -out " + key).split(" "));
        openssl.run(
                "req",
                "-x509",
                "-new",
                "-key",
                key.toString(),
                "-subj",
                "/CN=x",
                "-days",
                "2",
                "-out",
                certificate.toString());
        assertThat(key).content().contains("BEGIN " + label + "-");

        KeyMaterial material = KeyMaterialReader.pem(certificate, key);
        assertThat(material.privateKey().getAlgorithm()).isEqualTo(algorithm);
        assertThatThrownBy(() -> KeyMaterialReader.pem(leafFile, key))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessageStartingWith(key + ": the private key does not belong to the certificate");
    }

    @ParameterizedTest
    @CsvSource({
        "genpkey -algorithm RSA -aes-128-cbc -pass pass:secret",
        "genrsa -traditional -aes128 -passout pass:secret"
    })
    void anEncryptedKeyIsRefusedWithTheCommandThatHelps(String command) throws Exception {
        ExternalTool openssl = ExternalTool.needed("openssl");
        Path key = folder.resolve("key.pem");
        openssl.run((command + " -out " + key).split(" "));
        assertThatThrownBy(() -> KeyMaterialReader.privateKey(key))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessageContaining("encrypted")
                .extracting(thrown -> ((TlsMaterialException) thrown).cure())
                .asString()
                .contains("openssl pkey -in " + key);
    }

    @Test
    void aChainInTheWrongOrderIsRefused() throws Exception {
        List<Pem.Block> blocks = Pem.blocks(Files.readString(leafFile));
        Path turned = folder.resolve("turned.pem");
        Files.writeString(
                turned,
                Pem.text("CERTIFICATE", blocks.get(1).der())
                        + Pem.text("CERTIFICATE", blocks.get(0).der()));
        assertThatThrownBy(() -> KeyMaterialReader.pem(turned, leafFile))
                .hasMessageContaining("out of order: certificate 1")
                .extracting(thrown -> ((TlsMaterialException) thrown).cure())
                .asString()
                .contains("own certificate first");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    no certificate here                                                     | there is no certificate
                    -----BEGIN CERTIFICATE-----                                             | is cut off or damaged
                    -----BEGIN CERTIFICATE-----;MIIB;-----END CERTIFICATE-----              | certificate number 1 is damaged
                    -----BEGIN CERTIFICATE-----;%%%%;-----END CERTIFICATE-----              | is cut off or damaged
                    -----BEGIN CERTIFICATE-----;MIIB;-----END PRIVATE KEY-----              | is cut off or damaged
                    """)
    void rubbishIsNamed(String content, String problem) throws Exception {
        Path file = Files.writeString(folder.resolve("rubbish.pem"), content.replace(';', '\n'));
        assertThatThrownBy(() -> KeyMaterialReader.certificates(file))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    PRIVATE KEY     | AAAA     | is damaged
                    EC PRIVATE KEY  | MAMCAQE= | is damaged
                    EC PRIVATE KEY  | MIT/     | is damaged
                    RSA PRIVATE KEY | MAMCAQE= | is damaged
                    DSA PRIVATE KEY | MAMCAQE= | keys of the kind DSA PRIVATE KEY are not supported
                    """)
    void aDamagedKeyIsNamed(String label, String base64, String problem) throws Exception {
        Path file = Files.writeString(
                folder.resolve("key.pem"),
                "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
        assertThatThrownBy(() -> KeyMaterialReader.privateKey(file)).hasMessageContaining(problem);
    }

    @Test
    void wrongFilesAreNamed() throws Exception {
        Path missing = folder.resolve("missing.pem");
        assertThatThrownBy(() -> KeyMaterialReader.pem(missing, missing)).hasMessageContaining("no such file");
        assertThatThrownBy(() -> KeyMaterialReader.pem(folder, folder)).hasMessageContaining("cannot be read");
        Path huge = Files.write(folder.resolve("huge"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> KeyMaterialReader.pem(huge, huge)).hasMessageContaining("larger than");
        Path twoKeys = folder.resolve("two");
        String key = Pem.text("PRIVATE KEY", leaf.privateKey().getEncoded());
        Files.writeString(twoKeys, key + key);
        assertThatThrownBy(() -> KeyMaterialReader.privateKey(twoKeys)).hasMessageContaining("2 private keys");
    }

    @Test
    void windowsLineEndsAndTextAroundTheBlocksAreFine() throws Exception {
        Path file = folder.resolve("windows.pem");
        Files.writeString(
                file, "subject=CN = x\r\n" + Files.readString(leafFile).replace("\n", "\r\n") + "bye");
        assertThat(KeyMaterialReader.pem(file, file)).isEqualTo(leaf);
    }

    @Test
    void readsPkcs12AndTellsAWrongPasswordFromAWrongFile() throws Exception {
        Path file = folder.resolve("www.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] password = "secret".toCharArray();
        store.setKeyEntry("www", leaf.privateKey(), password, leaf.chain().toArray(Certificate[]::new));
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
        assertThat(KeyMaterialReader.pkcs12(file, password).fingerprint()).isEqualTo(leaf.fingerprint());
        assertThatThrownBy(() -> KeyMaterialReader.pkcs12(file, "wrong".toCharArray()))
                .hasMessageContaining("the password does not open it");
        assertThatThrownBy(() -> KeyMaterialReader.pkcs12(leafFile, password))
                .hasMessageContaining("it is not a PKCS#12 file");
        store.setKeyEntry("second", leaf.privateKey(), password, leaf.chain().toArray(Certificate[]::new));
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
        assertThatThrownBy(() -> KeyMaterialReader.pkcs12(file, password)).hasMessageContaining("several private keys");
    }
}
