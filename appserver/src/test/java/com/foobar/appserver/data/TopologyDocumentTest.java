package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyDocumentTest {

    private static final String GOOD =
            """
            {"cluster": "foobar", "epoch": 3, "version": 18, "primary": "db1", "parked": false, "validityMillis": 3000,
             "nodes": [
              {"name": "db1", "address": "127.0.0.1:33061", "role": "primary"},
              {"name": "db2", "address": "127.0.0.1:33062", "role": "replica", "lagMillis": 12, "serves": true},
              {"name": "db3", "address": "127.0.0.1:33063", "role": "down"}], "later": {"more": 1}}
            """;

    @Test
    void readsWhatTheDecisionRecordShows() throws Exception {
        TopologyDocument document = TopologyDocument.parse(GOOD);
        assertThat(document.stamp()).isEqualTo("3.18");
        assertThat(document.primaryNode().orElseThrow().address()).hasToString("127.0.0.1:33061");
        assertThat(document.validity()).isEqualTo(Duration.ofSeconds(3));
        assertThat(document.node("db2").orElseThrow().lag()).contains(Duration.ofMillis(12));
        assertThat(document.node("db3").orElseThrow().serves()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"epoch\": 3 | \"epoch\": \"3\" | epoch is missing or no whole number",
                "\"epoch\": 3 | \"epoch\": -1 | epoch is missing or no whole number",
                "\"primary\": \"db1\" | \"primary\": \"db2\" | primary is db2, which no node of role primary",
                "\"primary\": \"db1\" | \"primary\": 7 | primary is missing or no text",
                "\"role\": \"down\" | \"role\": \"up\" | nodes[2].role is \"up\"",
                "\"role\": \"down\" | \"role\": \"primary\" | several nodes",
                "127.0.0.1:33062 | nowhere | nodes[1].address is \"nowhere\"",
                "\"db3\" | \"db2\" | two nodes are called db2",
                "\"parked\": false | \"parked\": \"no\" | parked is neither true nor false",
                "\"validityMillis\": 3000 | \"validityMillis\": 36000000 | more than an hour",
                "\"nodes\" | \"knots\" | nodes is missing"
            })
    void saysWhichPartIsWrong(String right, String wrong, String complaint) {
        assertThat(GOOD).contains(right);
        assertThatThrownBy(() -> TopologyDocument.parse(GOOD.replace(right, wrong)))
                .isInstanceOf(TopologyUnreadable.class)
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 18, 3, 17, true",
        "3, 18, 3, 18, false",
        "3, 18, 3, 19, false",
        "4, 0, 3, 99, true",
        "3, 99, 4, 0, false"
    })
    void newerIsTheHigherEpochThenTheHigherVersion(
            long epoch, long version, long other, long otherVersion, boolean newer) throws Exception {
        assertThat(at(epoch, version).isNewerThan(at(other, otherVersion))).isEqualTo(newer);
    }

    @Test
    void newsNeverGoBackAndTheSameAgainIsGoodForLonger() throws Exception {
        ManualTime time = new ManualTime();
        ToldTopology news = new ToldTopology("foobar", time);
        List<String> heard = new ArrayList<>();
        news.accept(text(3, 2));
        news.subscribe(each -> heard.add(each.document().stamp()));
        long first = news.newest().orElseThrow().askedAtNanos();
        time.advance(Duration.ofSeconds(1));
        news.accept(text(3, 1));
        news.accept(text(2, 9));
        assertThat(news.newest().orElseThrow().askedAtNanos()).isEqualTo(first);
        news.accept(text(3, 2));
        assertThat(news.newest().orElseThrow().askedAtNanos()).isGreaterThan(first);
        news.accept(text(4, 1));
        news.accept(text(9, 1).replace("foobar", "stranger"));
        assertThat(heard).containsExactly("3.2", "3.2", "4.1");
    }

    private static TopologyDocument at(long epoch, long version) throws TopologyUnreadable {
        return TopologyDocument.parse(text(epoch, version));
    }

    private static String text(long epoch, long version) {
        return GOOD.replace("\"epoch\": 3", "\"epoch\": " + epoch)
                .replace("\"version\": 18", "\"version\": " + version);
    }
}
