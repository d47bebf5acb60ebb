package com.foobar.database.coordinator;

import com.foobar.database.decide.Finding;
import com.foobar.database.model.Certificate;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Refusal;
import com.foobar.kernel.json.JsonWriter;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The whole of what a coordinator knows, for {@code status}, {@code /topology} and the dashboard. */
final class StatusJson {

    private StatusJson() {}

    static String write(CoordinatorPlan plan, CoordinatorStatus status, boolean leads) {
        JsonWriter json = new JsonWriter();
        json.beginObject()
                .field("coordinator", status.name())
                .field("cluster", plan.cluster())
                .field("leads", leads && status.leads())
                .field("leader", status.leader().orElse(null))
                .field("term", status.term().number())
                .field("activity", status.activity());
        Finding finding = status.finding();
        if (finding != null) {
            json.field("diagnosis", finding.diagnosis().name())
                    .field("sentence", finding.diagnosis().sentence())
                    .field("evidence", finding.evidence());
        }
        Refusal refusal = status.refusal();
        json.field("refusal", refusal == null ? null : refusal.toString());
        record(json, status.record());
        json.name("nodes").beginArray();
        plan.addresses()
                .forEach((node, address) ->
                        node(json, node, address, status.view().view(node)));
        json.end();
        Certificate certificate = status.lastCertificate();
        if (certificate != null) {
            json.name("lastCertificate").beginObject();
            Certificates.append(json, certificate);
            json.end();
        }
        return json.end().toString();
    }

    private static void record(JsonWriter json, @Nullable ClusterRecord record) {
        if (record == null) {
            return;
        }
        json.name("record")
                .beginObject()
                .field("version", record.version())
                .field("epoch", record.epoch().number())
                .field("primary", record.primary().text())
                .field("floor", record.floor().toString())
                .field("closed", record.closed())
                .field("solo", record.solo().name())
                .field("maintenance", record.maintenance())
                .field("claimed", record.isClaimed());
        json.name("ackers").any(record.ackers().keySet());
        json.name("barred").any(record.barred());
        json.end();
    }

    private static void node(JsonWriter json, NodeName node, HostPort address, @Nullable NodeView view) {
        json.beginObject().field("name", node.text()).field("address", address.toString());
        NodeState state = view == null ? null : view.state();
        if (view != null) {
            json.field("reach", view.reach().name())
                    .field("keeper", view.keeper().name())
                    .field("failingMillis", view.failingFor(view.answered()).toMillis());
        }
        if (state != null) {
            Duration lag = state.lag();
            json.field("role", state.role().name().toLowerCase(Locale.ROOT))
                    .field("readOnly", state.readOnly())
                    .field("epoch", state.reign().number())
                    .field("applied", state.applied().toString())
                    .field("received", state.received().toString())
                    .field("receiver", state.receiver().state().name())
                    .field("waitsForAcks", state.semiSync().waits())
                    .field("acknowledges", state.semiSync().acks());
            NodeName source = state.receiver().source();
            json.field("source", source == null ? null : source.text());
            if (lag != null) {
                json.field("lagMillis", lag.toMillis());
            }
        }
        json.end();
    }
}
