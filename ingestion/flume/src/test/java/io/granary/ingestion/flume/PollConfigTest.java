package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.flume.poll.TablePollSource;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.LogFiles;
import io.granary.warehouse.manifest.Poll;
import io.granary.warehouse.manifest.SourceNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flume.node.PropertiesFileConfigurationProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A polled table in the agent's properties. */
class PollConfigTest {
    private static final Home HOME = new Home(Path.of("/srv/granary"));

    @TempDir
    private Path folder;

    @Test
    void theAgentGetsTheTableAndAReferenceOfThePassword() throws IOException {
        String text = new AgentConfig(profile("${env:SHOP_PASSWORD}"), AgentPlace.home(HOME, "web-1"), Map.of())
                .render(AgentConfigTest.manifest(polled(null)));
        String at = "granary.sources.trade-order_change.";
        assertThat(text)
                .contains(at + "type = io.granary.ingestion.flume.poll.TablePollSource\n")
                .contains(at + "positionFile = /srv/granary/data/flume/positions-trade.order_change.json\n")
                .contains(
                        at + "poll.site = shop\n",
                        at + "poll.folder = /srv/granary/data/flume/poll/trade.order_change\n")
                .contains(at + "poll.type = mariadb\n", at + "poll.host = db.example\n", at + "poll.port = 3306\n")
                .contains(at + "poll.password = env:SHOP_PASSWORD\n", at + "poll.properties.sslMode = verify-full\n")
                .contains(at + "poll.columns = order_id,status\n", at + "poll.key = order_id\n")
                .contains(at + "poll.everyMs = 2000\n", at + "poll.overlap = 30s\n", at + "poll.timeZone = UTC\n")
                .doesNotContain("the-secret");
        Path file = Files.writeString(folder.resolve("agent.conf"), text);
        var flume = new PropertiesFileConfigurationProvider(AgentConfig.AGENT, file.toFile()).getFlumeConfiguration();
        assertThat(flume.getConfigurationErrors()).isEmpty();
        TablePollSource source = new TablePollSource();
        source.setName("x");
        source.configure(
                flume.getConfigurationFor(AgentConfig.AGENT).getSourceContext().get("trade-order_change"));
    }

    @Test
    void aPasswordIsPassedOnAsAReferenceOnly() throws IOException {
        assertThat(render(profile("${file:secrets/shop}")))
                .contains("poll.password = file:" + folder.resolve("secrets/shop") + "\n");
        Profile byEnvironment =
                Profile.load(folder.resolve("profile.yaml"), Map.of("GRANARY_CONNECTIONS_SHOP_PASSWORD", "the-secret"));
        assertThat(render(byEnvironment))
                .contains("poll.password = env:GRANARY_CONNECTIONS_SHOP_PASSWORD\n")
                .doesNotContain("the-secret");
        Profile plain = profile("the-secret");
        assertThatThrownBy(() -> render(plain))
                .hasMessageContaining("connections.shop.password is no reference")
                .hasMessageNotContaining("the-secret");
    }

    @Test
    void oneMachineOfAGroupPollsAndNoOther() throws IOException {
        Profile profile = profile("${env:SHOP_PASSWORD}");
        SourceNode log = AgentConfigTest.log("traffic", "access_log", false, new LogFiles("s", "/logs/a"));
        AgentConfig web = new AgentConfig(profile, AgentPlace.group(profile, "web"), Map.of());
        assertThat(web.render(AgentConfigTest.manifest(polled("one"), log))).doesNotContain("TablePollSource");
        AgentConfig db = new AgentConfig(profile, AgentPlace.group(profile, "one"), Map.of());
        assertThat(db.render(AgentConfigTest.manifest(polled("one"), log)))
                .contains("poll.folder = ${env:GRANARY_STATE}/poll/trade.order_change\n");
        assertThatThrownBy(() -> db.render(AgentConfigTest.manifest(polled("web"))))
                .hasMessageContaining("source trade.order_change: poll.hosts is 'web'")
                .hasMessageContaining("2 machines");
        assertThatThrownBy(() -> db.render(AgentConfigTest.manifest(polled("none"))))
                .hasMessageContaining("no such group");
    }

    private static String render(Profile profile) {
        return new AgentConfig(profile, AgentPlace.home(HOME, "web-1"), Map.of())
                .render(AgentConfigTest.manifest(polled(null)));
    }

    private Profile profile(String password) throws IOException {
        return Profile.load(Files.writeString(folder.resolve("profile.yaml"), """
                        region: north
                        fs: hdfs://127.0.0.1:41001
                        kafka: 127.0.0.1:41004
                        host_groups: {web: [web-1, web-2], one: [db-1], db: [db-2]}
                        connections:
                          shop:
                            {type: mariadb, host: db.example, database: shop, user: reader, password: "%s", properties: {sslMode: verify-full}}
                        """.formatted(password)), Map.of());
    }

    private static SourceNode polled(String hosts) {
        Poll poll =
                new Poll("shop", "orders", "updated_at", List.of("order_id"), "2s", "30s", null, "UTC", "shop", hosts);
        return SourceNode.of("log", "trade", "order_change")
                .hourly()
                .description("Changed orders.")
                .table("ods.ods_trade_order_change_hi")
                .format("json")
                .eventTime(Poll.CHANGE_AT)
                .topic("granary.trade.order_change")
                .columns(List.of(
                        new ColumnNode(Poll.SEQUENCE, "bigint", true, "Number."),
                        new ColumnNode(Poll.CHANGE_AT, "timestamp", true, "Time."),
                        new ColumnNode("order_id", "bigint", true, "Id."),
                        new ColumnNode("status", "string", false, "Status.")))
                .poll(poll)
                .node();
    }
}
