package com.foobar.database.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.decide.Wish;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Policy;
import com.foobar.database.node.LeaseAnswer;
import com.foobar.kernel.value.HostPort;
import com.foobar.quorum.Written;
import com.foobar.testkit.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ring by hand: one thread, time that stands still, nodes and a quorum that do what they are told. */
@Timeout(60)
class CoordinatorTest {
    private static final NodeName DB1 = new NodeName("db1");

    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime();
    private final HandThread thread = new HandThread();
    private final List<String> journal = new ArrayList<>();
    private final HandQuorum quorum = new HandQuorum(time, journal);
    private final List<HandDesk> desks = List.of(desk("db1"), desk("db2"), desk("db3"));
    private Coordinator coordinator;

    private HandDesk desk(String name) {
        return new HandDesk(name, "shop", time, journal);
    }

    @BeforeEach
    void open() {
        Map<NodeName, HostPort> addresses = new TreeMap<>();
        desks.forEach(desk -> addresses.put(desk.name(), new HostPort("127.0.0.1", 3306)));
        coordinator = Coordinator.open(
                new CoordinatorPlan(
                        "seat",
                        "shop",
                        new TreeMap<>(addresses),
                        Policy.DEFAULT,
                        Tempo.DEFAULT,
                        folder.resolve("proofs")),
                desks,
                quorum,
                time,
                new Coordinator.Rooms(thread, thread, thread));
    }

    @AfterEach
    void nothingIsLeftWaiting() {
        coordinator.close();
        thread.drain();
        assertThat(time.waiting()).isZero();
    }

    private void pass(Duration length) {
        Duration step = Duration.ofMillis(10);
        for (Duration passed = Duration.ZERO; passed.compareTo(length) < 0; passed = passed.plus(step)) {
            thread.drain();
            time.advance(step);
        }
        thread.drain();
    }

    private void pass() {
        pass(Duration.ofSeconds(1));
    }

    private ClusterRecord record() {
        return Objects.requireNonNull(coordinator.status().record());
    }

    private HandDesk king() {
        return desks.stream()
                .filter(desk -> desk.name().equals(record().primary()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itFoundsAClusterPromotesOneAndLetsTheOthersFollow() {
        pass();
        assertThat(record().epoch()).isEqualTo(new Epoch(1));
        assertThat(record().primary()).isEqualTo(DB1);
        assertThat(king().reigns()).isTrue();
        assertThat(record().ackers()).hasSize(2);
        assertThat(coordinator.status().isInOffice()).isTrue();
        assertThat(coordinator.bulletin().newest().orElseThrow())
                .contains("\"primary\":\"db1\"")
                .contains(
                        "\"name\":\"db2\",\"address\":\"127.0.0.1:3306\",\"role\":\"replica\",\"lagMillis\":0,\"serves\":true");
    }

    @Test
    void itDoesNotBeginWhileANodeIsMissingOrHoldsOtherDataOrHasReigned() {
        desks.get(2).mute = true;
        pass();
        assertThat(quorum.written).isEmpty();

        desks.get(2).mute = false;
        desks.get(2).cluster = "another";
        pass();
        assertThat(quorum.written).isEmpty();

        desks.get(2).cluster = "shop";
        desks.get(2).holds("0-3-7", 4);
        pass();
        assertThat(quorum.written).isEmpty();
    }

    @Test
    void theFloorOfTheBeginningHoldsWhatTheNodesBringAlong() {
        desks.forEach(desk -> desk.holds("0-9-5", 0));
        pass();
        assertThat(record().floor()).hasToString("0-9-5");
        assertThat(king().reigns()).isTrue();
    }

    @Test
    void theDeadPrimaryIsReplacedInTheOrderThatTheProofNeeds() throws Exception {
        pass();
        desks.forEach(desk -> desk.orders.clear());
        journal.clear();
        king().die();
        pass(Duration.ofMillis(300));

        assertThat(record().primary()).isNotEqualTo(DB1);
        assertThat(king().reigns()).isTrue();
        String promotion = record().primary() + " Promote";
        // Claimed; receivers stopped; crowned; promoted; the other repointed.
        assertThat(journal.get(0)).isEqualTo("write");
        assertThat(journal.subList(1, journal.indexOf(promotion)))
                .containsSubsequence("db2 StopReceiver", "db3 StopReceiver", "write")
                .doesNotContain("db2 Follow", "db3 Follow");
        assertThat(journal.subList(journal.indexOf(promotion), journal.size()))
                .contains(record().primary().equals(new NodeName("db2")) ? "db3 Follow" : "db2 Follow");
        assertThat(Files.readString(folder.resolve("proofs").resolve("epoch-2.json")))
                .contains("\"deposed\":\"db1\"", "\"proven\":true");
        assertThat(Files.exists(folder.resolve("proofs").resolve("epoch-1.json")))
                .isTrue();
    }

    @Test
    void theCertificateIsThereBeforeTheCrown() {
        pass();
        List<Boolean> there = new ArrayList<>();
        quorum.onWrite = text -> {
            if (text.contains("\"epoch\":2,\"primary\"") && there.isEmpty()) {
                there.add(Files.exists(folder.resolve("proofs").resolve("epoch-2.json")));
            }
        };
        king().die();
        pass();
        assertThat(there).containsExactly(true);
    }

    @Test
    void afterAConflictTheRecordIsReadAnewAndWhatWasWrittenByAnotherStands() throws Exception {
        pass();
        ClusterRecord other = record().inMaintenance(true);
        quorum.content = RecordJson.write(other);
        quorum.version++;
        CompletableFuture<Reply> unused = coordinator.maintenance(true, false);
        pass(Duration.ofMillis(200));
        assertThat(record()).isEqualTo(other);
    }

    @Test
    void aWriteOfUnknownFateIsLookedUpAndDecidedAgain() throws Exception {
        pass();
        quorum.next = new Written.Unknown("no majority in time");
        CompletableFuture<Reply> reply = coordinator.maintenance(true, false);
        pass(Duration.ofMillis(300));
        assertThat(reply.get().done()).isTrue();
        assertThat(record().maintenance()).isTrue();
    }

    @Test
    void whoIsDeposedInTheMiddleOrdersNothingMoreAndForgets() {
        pass();
        king().die();
        quorum.onWrite = text -> {
            if (text.contains("\"claim\":{")) {
                quorum.leads = false;
                quorum.term = 2;
            }
        };
        pass(Duration.ofMillis(300));
        assertThat(quorum.content).contains("\"claim\":{");
        quorum.onWrite = text -> {};
        int orders = desks.stream().mapToInt(desk -> desk.orders.size()).sum();
        pass(Duration.ofSeconds(3));
        assertThat(desks.stream().mapToInt(desk -> desk.orders.size()).sum()).isEqualTo(orders);
        assertThat(coordinator.status().leads()).isFalse();
        assertThat(coordinator.bulletin().newest()).isEmpty();

        quorum.leads = true;
        quorum.term = 3;
        pass();
        assertThat(king().reigns()).isTrue();
        assertThat(record().primary()).isNotEqualTo(DB1);
        assertThat(king().stamps.get(king().stamps.size() - 1).term().number()).isEqualTo(3);
    }

    @Test
    void aQuorumThatIsSilentStopsEverythingWithinItsLease() throws Exception {
        pass();
        assertThat(renew(DB1, new Epoch(1))).isInstanceOf(LeaseAnswer.Granted.class);
        quorum.silent = true;
        pass(Tempo.DEFAULT.lease().plus(Tempo.DEFAULT.confirm()).plusMillis(20));
        assertThat(renew(DB1, new Epoch(1))).isInstanceOf(LeaseAnswer.Unanswered.class);
        assertThat(coordinator.bulletin().newest()).isEmpty();
        int looks = desks.get(0).looks;
        desks.get(0).die();
        pass();
        assertThat(desks.get(0).looks).isEqualTo(looks);
    }

    @Test
    void leasesAreGrantedAsTheRecordSays() throws Exception {
        assertThat(renew(DB1, null)).isInstanceOf(LeaseAnswer.Unanswered.class);
        pass();
        NodeName db2 = new NodeName("db2");
        assertThat(renew(DB1, new Epoch(1)))
                .isInstanceOfSatisfying(LeaseAnswer.Granted.class, granted -> assertThat(granted.version())
                        .isEqualTo(record().version()));
        assertThat(renew(db2, null)).isInstanceOf(LeaseAnswer.Granted.class);
        assertThat(renew(db2, new Epoch(1)))
                .isInstanceOfSatisfying(LeaseAnswer.Barred.class, barred -> assertThat(barred.why())
                        .contains("db1 is primary in epoch 1"));
        assertThat(renew(new NodeName("db9"), null)).isInstanceOf(LeaseAnswer.Unanswered.class);
    }

    private LeaseAnswer renew(NodeName node, Epoch reign) throws Exception {
        return coordinator.renew(node, reign).get();
    }

    @Test
    void aNodeThatSaysNothingHoldsNobodyUpAndARefusalIsCountedOnce() {
        pass();
        HandDesk silent = desks.get(1);
        silent.mute = true;
        pass(Duration.ofMillis(300));
        desks.get(0).die();
        desks.get(2).mute = true;
        pass(Duration.ofSeconds(10));
        // Nothing can be proven: both ackers are silent.
        assertThat(Objects.requireNonNull(coordinator.status().refusal()).toString())
                .contains("SILENT", Wish.AcceptLoss.sentenceFor("shop"));
        assertThat(coordinator.ring().counts().refusals().values().stream()
                        .mapToLong(count -> count.sum())
                        .sum())
                .isLessThanOrEqualTo(3);
        assertThat(coordinator.statusJson())
                .contains("\"diagnosis\":\"FAILOVER_UNFINISHED\"", "\"reach\":\"TIMED_OUT\"");
    }

    @Test
    void anOrderThatIsRefusedIsNotRepeatedWithoutEnd() {
        pass();
        HandDesk dead = desks.get(0);
        dead.die();
        HandDesk mute = desks.get(1);
        mute.mute = true;
        pass(Duration.ofSeconds(2));
        assertThat(mute.orders.size()).isLessThan(20);
    }

    @Test
    void aSwitchoverIsPlannedThenDoneAndItsWritersAreParkedBefore() throws Exception {
        pass();
        CompletableFuture<Reply> plan = coordinator.switchover(null, true);
        pass(Duration.ofMillis(10));
        assertThat(plan.get().sentence()).contains("PARK", "point of no return");
        assertThat(king().name()).isEqualTo(DB1);

        List<String> documents = new ArrayList<>();
        var subscription = coordinator.bulletin().subscribe(documents::add);
        CompletableFuture<Reply> reply = coordinator.switchover(new NodeName("db3"), false);
        pass();
        assertThat(reply.get().done()).as(reply.get().sentence()).isTrue();
        assertThat(king().name()).isEqualTo(new NodeName("db3"));
        assertThat(documents.get(1)).contains("\"parked\":true", "\"primary\":\"db1\"");
        assertThat(documents.get(documents.size() - 1)).contains("\"parked\":false", "\"primary\":\"db3\"");
        subscription.close();
    }

    @Test
    void wishesThatCannotBeAreRefusedAndTouchNothing() throws Exception {
        pass();
        int orders = journal.size();
        assertThat(answer(coordinator.switchover(DB1, false))).contains("is the primary already");
        assertThat(answer(coordinator.failover("go on", false)))
                .contains("Type: accept the loss of acknowledged writes in shop");
        assertThat(answer(coordinator.rejoin(new NodeName("db9"), false))).contains("db9 is not configured");
        assertThat(answer(coordinator.rejoin(DB1, false))).contains("db1 is the primary");
        assertThat(journal).hasSize(orders);
        assertThat(answer(coordinator.join(new NodeName("db2"), false))).contains("follows db1");
        assertThat(answer(coordinator.rejoin(new NodeName("db2"), true))).contains("FOLLOW");
    }

    private String answer(CompletableFuture<Reply> reply) throws Exception {
        pass(Duration.ofMillis(100));
        return reply.get().sentence();
    }

    @Test
    void aFailoverOnDemandDeposesEvenAPrimaryInGoodHealth() throws Exception {
        pass();
        CompletableFuture<Reply> reply = coordinator.failover("", false);
        pass(Duration.ofSeconds(2));
        assertThat(reply.get().done()).as(reply.get().sentence()).isTrue();
        assertThat(record().epoch()).isEqualTo(new Epoch(2));
        assertThat(king().name()).isNotEqualTo(DB1);
    }

    @Test
    void closedInOrderTheRecordIsClosedAndNothingIsDecidedAnyMore() throws Exception {
        pass();
        CompletableFuture<Reply> reply = coordinator.closeReign();
        pass(Duration.ofMillis(200));
        assertThat(reply.get().done()).as(reply.get().sentence()).isTrue();
        assertThat(RecordJson.read(quorum.content).closed()).isTrue();
        int orders = journal.size();
        desks.forEach(HandDesk::die);
        pass();
        assertThat(journal).hasSize(orders);
        assertThat(renew(DB1, null)).isInstanceOf(LeaseAnswer.Granted.class);
    }

    @Test
    void allAreToldNowAndThenWhatAllHave() throws Exception {
        pass();
        assertThat(desks).noneMatch(desk -> desk.orders.contains("Purge"));
        pass(Duration.ofSeconds(31));
        assertThat(desks)
                .allMatch(desk -> desk.orders.stream().filter("Purge"::equals).count() == 1);
        desks.get(2).die();
        pass(Duration.ofSeconds(31));
        assertThat(desks.get(0).orders.stream().filter("Purge"::equals)).hasSize(2);
        assertThat(desks.get(2).orders.stream().filter("Purge"::equals)).hasSize(1);
    }

    /** It holds its lease for a moment still: a primary on another machine must not be stopped by who is on its way out. */
    @Test
    void oneThatRetiresDecidesNothingAndLeavesThePrimaryAlone() throws Exception {
        pass();
        int orders = journal.size();
        CompletableFuture<Boolean> retired = coordinator.retire();
        pass(Duration.ofMillis(200));
        assertThat(retired.get()).isTrue();
        assertThat(RecordJson.read(quorum.content).closed()).isFalse();
        assertThat(king().reigns()).isTrue();
        desks.forEach(HandDesk::die);
        pass();
        assertThat(journal).hasSize(orders);
    }

    @Test
    void aReaderIsAnsweredByNewsByTheEndOfItsWaitOrByTheEndOfTheLead() throws Exception {
        pass();
        Bulletin bulletin = coordinator.bulletin();
        String now = bulletin.newest().orElseThrow();
        assertThat(bulletin.newerThan(0, 0, Duration.ofSeconds(5)).get()).isEqualTo(now);
        long version = 1_000_000_000L + 99;
        CompletableFuture<String> patient = bulletin.newerThan(1, version, Duration.ofSeconds(5));
        CompletableFuture<String> brief = bulletin.newerThan(1, version, Duration.ofMillis(100));
        pass(Duration.ofMillis(200));
        assertThat(patient).isNotDone();
        assertThat(brief.get()).isEqualTo(now);
        desks.get(2).die();
        pass();
        assertThat(patient.get()).contains("\"name\":\"db3\",\"address\":\"127.0.0.1:3306\",\"role\":\"down\"");
        CompletableFuture<String> last = bulletin.newerThan(9, 0, Duration.ofSeconds(5));
        quorum.leads = false;
        pass();
        assertThatThrownBy(last::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(NobodyKnows.class, unknown -> assertThat(unknown.leader())
                        .contains("there"));
    }
}
