package com.foobar.lb.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.value.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {

    @ParameterizedTest
    @CsvSource({
        "'','',1.2.3.4,true",
        "10.0.0.0/8,'',10.1.2.3,true",
        "10.0.0.0/8,'',11.1.2.3,false",
        "10.0.0.0/8,'',::1,false",
        "'',10.0.0.0/8,10.1.2.3,false",
        "'',10.0.0.0/8,11.1.2.3,true",
        "10.0.0.0/8,10.1.0.0/16,10.1.2.3,false",
        "10.0.0.0/8,10.1.0.0/16,10.2.2.3,true",
        "10.1.0.0/16,10.0.0.0/8,10.1.2.3,false",
        "10.0.0.128/25 fd00::/8,'',10.0.0.127,false",
        "10.0.0.128/25 fd00::/8,'',10.0.0.129,true",
        "10.0.0.128/25 fd00::/8,'',fd12::1,true",
        "10.0.0.128/25 fd00::/8,'',fe00::1,false",
        "'',0.0.0.0/0,1.2.3.4,false",
        "'',0.0.0.0/0,::1,true",
        "1.2.3.4,'',::ffff:1.2.3.4,true"
    })
    void who_may(String allow, String deny, String client, boolean expected) throws UnknownHostException {
        Access access = Access.of(cidrs(allow), cidrs(deny));
        assertThat(access.admits(InetAddress.getByName(client))).isEqualTo(expected);
    }

    private static List<Cidr> cidrs(String text) {
        return Stream.of(text.split(" "))
                .filter(one -> !one.isEmpty())
                .map(Cidr::parse)
                .toList();
    }
}
