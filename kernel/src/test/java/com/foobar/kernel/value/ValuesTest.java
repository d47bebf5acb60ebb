package com.foobar.kernel.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource({
        "0,0,0",
        "512,512,512",
        "1024,1024,1KiB",
        "16KiB,16384,16KiB",
        "10MB,10000000,10000000",
        "1MiB,1048576,1MiB",
        "1GiB,1073741824,1GiB",
        "5kB,5000,5000",
        "7B,7,7"
    })
    void sizes(String text, long bytes, String printed) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
        assertThat(ByteSize.parse(text)).hasToString(printed);
        assertThat(ByteSize.parse(printed)).isEqualTo(ByteSize.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1 MiB", "1mib", "KiB", "99999999999TiB", "1.5MiB", "٣"})
    void no_sizes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1:80", "[::1]:0", "db-1.foobar.com:65535", "[fe80::1]:1"})
    void places(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ":80", "a", "a:", "a:65536", "::1:80", "[a]:80", "[::1]", "a b:1", "a:-1", "a:+1", "[::g]:1", "[]:1"
            })
    void no_places(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,10.255.0.1,true",
        "10.0.0.0/8,11.0.0.1,false",
        "10.0.0.128/25,10.0.0.129,true",
        "10.0.0.128/25,10.0.0.127,false",
        "0.0.0.0/0,1.2.3.4,true",
        "0.0.0.0/0,::1,false",
        "127.0.0.1,127.0.0.1,true",
        "127.0.0.1,127.0.0.2,false",
        "fd00::/8,fdff::1,true",
        "fd00::/8,fe00::1,false",
        "::1,::1,true"
    })
    void networks(String network, String address, boolean inside) throws Exception {
        assertThat(Cidr.parse(network).contains(InetAddress.getByName(address))).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0.1/8",
                "10.0.0.0/33",
                "10.0.0/8",
                "10.0.0.0/",
                "010.0.0.0/8",
                "::/129",
                "a.b.c.d",
                "256.0.0.0",
                "1.2.3.4.5",
                "face",
                "::1%lo"
            })
    void no_networks(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
    }

    @Test
    void a_secret_shows_itself_to_none_but_reveal() {
        Secret secret = Secret.parse("hunter2");
        assertThat(secret).hasToString("***").isEqualTo(Secret.parse("hunter2")).isNotEqualTo(Secret.parse("hunter3"));
        assertThat(secret.reveal()).isEqualTo("hunter2");
    }
}
