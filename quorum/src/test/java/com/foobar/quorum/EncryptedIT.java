package com.foobar.quorum;

import static com.foobar.quorum.Voters.confirm;
import static com.foobar.quorum.Voters.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.tls.DevelopmentAuthority;
import com.foobar.kernel.tls.KeyMaterial;
import com.foobar.kernel.tls.ServerNames;
import com.foobar.testkit.Await;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedIT {

    @TempDir
    Path folder;

    private Voters voters;

    @BeforeEach
    void create() {
        voters = new Voters(folder, "a", "b", "c");
    }

    @AfterEach
    void close() {
        voters.close();
    }

    @Test
    void agreesOverMutualTlsAndLeavesAStrangerOut() throws Exception {
        leavesOut(tls("theirs"));
    }

    /** He would speak with us: it is our side that has to refuse. */
    @Test
    void leavesAStrangerOutWhoBelievesUs() throws Exception {
        VoterTls his = tls("theirs");
        leavesOut(new VoterTls(his.certificates(), his.key(), tls("ours").trusted()));
    }

    private void leavesOut(VoterTls his) throws Exception {
        RatisQuorum first = voters.start(voters.settings("a").with(tls("ours")));
        RatisQuorum second = voters.start(voters.settings("b").with(tls("ours")));
        RatisQuorum stranger = voters.start(voters.settings("c").with(his));
        Quorum leader = voters.get(voters.awaitLeader());
        assertThat(leader).isIn(first, second);
        Confirmed now = confirm(leader);
        assertThat(write(leader, 0, "secret", now.term())).isEqualTo(new Written.Done(1));
        RatisQuorum follower = leader == first ? second : first;
        Await.until("the other follows", Voters.PATIENCE, () -> follower.standing()
                .leader()
                .isPresent());
        assertThat(stranger.standing().leader()).isEmpty();
        assertThat(stranger.standing().term()).isZero();
    }

    @Test
    void namesAFileThatIsMissing() {
        Path missing = folder.resolve("missing.pem");
        assertThatThrownBy(() -> voters.start(voters.settings("a").with(new VoterTls(missing, missing, missing))))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(missing.toString());
    }

    private VoterTls tls(String authority) throws Exception {
        DevelopmentAuthority issuer = DevelopmentAuthority.open(folder.resolve(authority), voters.time());
        ServerNames names = ServerNames.of(List.of("localhost"), List.of(InetAddress.getByName("127.0.0.1")));
        KeyMaterial unused = issuer.leaf("voter", names);
        Path leaf = folder.resolve(authority).resolve("voter.pem");
        return new VoterTls(leaf, leaf, issuer.certificateFile());
    }
}
