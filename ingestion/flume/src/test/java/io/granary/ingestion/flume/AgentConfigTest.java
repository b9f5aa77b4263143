package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.LogFiles;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flume.conf.FlumeConfiguration;
import org.apache.flume.node.PropertiesFileConfigurationProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentConfigTest {
    private static final Home HOME = new Home(Path.of("/srv/granary"));
    private static final SourceNode ACCESS_LOG = log(
            "traffic",
            "access_log",
            true,
            new LogFiles("demo-shop", "${var:logs}/access.log*"),
            new LogFiles("blog", "/var/log/blog/access.log*"));
    private static final SourceNode AD_EVENT =
            log("ads", "ad_event", false, new LogFiles("demo-shop", "${var:logs}/ad.log*"));

    @TempDir
    private Path folder;

    @Test
    void rendersEverySourceTheSameWayEachTime() throws IOException {
        String text = config("web-1").render(manifest(ACCESS_LOG, AD_EVENT));
        try (InputStream golden = getClass().getResourceAsStream("/agent.conf")) {
            assertThat(text).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(config("web-1").render(manifest(AD_EVENT, ACCESS_LOG))).isEqualTo(text);
    }

    @Test
    void flumeTakesEveryPartOfIt() throws IOException {
        Path file = folder.resolve("agent.conf");
        Files.writeString(file, config("web-1").render(manifest(ACCESS_LOG, AD_EVENT)));
        System.setProperty(AgentPlace.STARTED, "1763755200000");
        try {
            FlumeConfiguration flume =
                    new PropertiesFileConfigurationProvider(AgentConfig.AGENT, file.toFile()).getFlumeConfiguration();
            assertThat(flume.getConfigurationErrors()).isEmpty();
            var agent = flume.getConfigurationFor(AgentConfig.AGENT);
            assertThat(agent.getSourceContext()).containsOnlyKeys("ads-ad_event", "traffic-access_log");
            assertThat(agent.getSinkContext().get("ads-ad_event").getString("hdfs.filePrefix"))
                    .isEqualTo("web-1-1763755200000");
            TailSettings settings = TailSettings.of(agent.getSourceContext().get("traffic-access_log"));
            assertThat(settings.files())
                    .containsExactly(
                            new FileSet(
                                    "files.f1.glob",
                                    "demo-shop",
                                    new Glob("/logs/access.log*"),
                                    FileSet.Identity.INODE),
                            new FileSet(
                                    "files.f2.glob",
                                    "blog",
                                    new Glob("/var/log/blog/access.log*"),
                                    FileSet.Identity.INODE),
                            new FileSet(
                                    "files.inbox.glob",
                                    null,
                                    new Glob("/srv/granary/inbox/traffic.access_log/*/*.log"),
                                    FileSet.Identity.NAME));
            assertThat(settings.partitions()).isEqualTo(6);
        } finally {
            System.clearProperty(AgentPlace.STARTED);
        }
    }

    @Test
    void refusesWhatCannotBeCollected() throws IOException {
        assertThatThrownBy(() -> config("inbox"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("'inbox'");
        assertThatThrownBy(() -> config("web 1")).hasMessageContaining("--host");
        AgentConfig config = config("web-1");
        assertThatThrownBy(() -> config.render(manifest())).hasMessageContaining("no source of type log");
        assertThatThrownBy(() -> config.render(manifest(log("ads", "x", false, new LogFiles("shop", "logs/x.log")))))
                .hasMessageContaining("source ads.x, site shop: glob 'logs/x.log'");
        assertThatThrownBy(() -> config.render(manifest(log("ads", "x", false, new LogFiles("s", "${var:none}/x")))))
                .hasMessageContaining("${var:none}");
    }

    @Test
    void aGroupsPropertiesNameNoMachineAndLeaveOutWhatOthersHave() throws IOException {
        SourceNode web = log("traffic", "access_log", true, new LogFiles("shop", "/logs/access.log*", "web"));
        SourceNode ads = log("ads", "ad_event", false, new LogFiles("shop", "/logs/ad.log*", "ads"));
        SourceNode both = log(
                "shop",
                "error_log",
                false,
                new LogFiles("shop", "/logs/error.log*"),
                new LogFiles("ads", "/logs/ad-error.log*", "ads"));
        Profile profile = profile();
        AgentConfig config = new AgentConfig(profile, AgentPlace.group(profile, "web"), Map.of());
        String text = config.render(manifest(web, ads, both));
        assertThat(text)
                .contains("granary.sources = shop-error_log traffic-access_log\n")
                .contains("granary.sources.traffic-access_log.host = ${env:GRANARY_HOST}\n")
                .contains("granary.sources.traffic-access_log.positionFile ="
                        + " ${env:GRANARY_STATE}/positions-traffic.access_log.json\n")
                .contains("hdfs.filePrefix = ${env:GRANARY_HOST}\n")
                .contains("granary.sources.shop-error_log.files = f1\n")
                .doesNotContain("inbox", "ad_event", "granary.agent.started", "/srv/granary");
        assertThat(config.render(manifest(both, ads, web))).isEqualTo(text);
        assertThatThrownBy(() -> config.render(manifest(ads)))
                .hasMessageContaining("no source of type log to collect on host group 'web'");
    }

    @Test
    void aHostGroupThatDoesNotExistIsNamed() throws IOException {
        Profile profile = profile();
        assertThatThrownBy(() -> AgentPlace.group(profile, "wbe"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("no host group 'wbe'; its host_groups has [ads, web]");
        SourceNode source = log("traffic", "access_log", true, new LogFiles("shop", "/logs/access.log*", "db"));
        assertThatThrownBy(() -> config("web-1").render(manifest(source)))
                .hasMessageContaining("source traffic.access_log, site shop: hosts is 'db'")
                .hasMessageContaining("[ads, web]");
    }

    private AgentConfig config(String host) throws IOException {
        return new AgentConfig(profile(), AgentPlace.home(HOME, host), Map.of("granary.traffic.access_log", 6));
    }

    private Profile profile() throws IOException {
        Path profile = Files.writeString(folder.resolve("profile.yaml"), """
                region: north
                fs: hdfs://127.0.0.1:41001
                kafka: 127.0.0.1:41004
                vars:
                  logs: /logs
                host_groups: {web: [web-1], ads: [ads-1]}
                """);
        return Profile.load(profile, Map.of());
    }

    static SourceNode log(String subject, String name, boolean inbox, LogFiles... files) {
        return SourceNode.of("log", subject, name)
                .hourly()
                .description("Logs.")
                .table("ods.ods_" + subject + "_" + name + "_hi")
                .format("combined")
                .eventTime("event_at")
                .topic("granary." + subject + "." + name)
                .inbox(inbox)
                .files(List.of(files))
                .node();
    }

    static Manifest manifest(SourceNode... sources) {
        return Manifest.of("warehouse").sources(List.of(sources)).manifest();
    }
}
