package com.foobar.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.FreePorts;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class PortClaimTest {
    private final HostPort at = new HostPort("127.0.0.1", FreePorts.one());
    private final InetSocketAddress address = new InetSocketAddress(at.host(), at.port());

    @Test
    void noConnectionGetsThePortAndItsServerDoes() throws Exception {
        try (PortClaim claim = PortClaim.on(at);
                Socket connection = new Socket()) {
            assertThatThrownBy(() -> connection.bind(address)).isInstanceOf(BindException.class);
            for (int life = 0; life < 2; life++) {
                assertThatCode(() -> PortCheck.requireFree(at, "port")).doesNotThrowAnyException();
                try (ServerSocket server = new ServerSocket(at.port(), 1, address.getAddress());
                        Socket client = new Socket(address.getAddress(), at.port())) {
                    assertThat(client.getPort()).isEqualTo(server.getLocalPort());
                }
            }
            assertThat(claim).isNotNull();
        }
    }

    @Test
    void aPortThatSomebodyHasIsNoReasonToFailYet() throws Exception {
        try (ServerSocket somebody = new ServerSocket(at.port(), 1, address.getAddress());
                PortClaim claim = PortClaim.on(at)) {
            assertThat(somebody.isBound()).isTrue();
            assertThat(claim).isNotNull();
        }
    }
}
