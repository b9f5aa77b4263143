package io.granary.batch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.Edge;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.project.LoadedProject;
import io.granary.warehouse.project.ProjectLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference warehouse compiles, and its manifest says what the SQL says. */
class ReferenceWarehouseTest {
    static final Path PROJECT = Path.of("..", "warehouse-sql");

    private final Manifest manifest = compile(ProjectLoader.load(PROJECT));

    @TempDir
    private Path temp;

    @Test
    void modelsComeInAnOrderInWhichTheyCanBeBuilt() {
        assertThat(manifest.models())
                .extracting(ModelNode::table)
                .containsExactly(
                        "dim.dim_category_target_df",
                        "dim.dim_product_cost_df",
                        "dim.dim_product_df",
                        "dim.dim_user_df",
                        "dwd.dwd_ads_click_di",
                        "dwd.dwd_ads_impression_di",
                        "dwd.dwd_trade_order_change_di",
                        "dwd.dwd_trade_order_di",
                        "dwd.dwd_traffic_hit_di",
                        "dws.dws_ads_creative_1d",
                        "ads.ads_ads_creative_effect",
                        "dws.dws_trade_category_1d",
                        "ads.ads_trade_overview",
                        "dws.dws_trade_margin_1d",
                        "dws.dws_traffic_site_1d",
                        "ads.ads_traffic_site_overview");
    }

    @Test
    void inputsAreReadOutOfTheSql() {
        assertThat(model("dwd_trade_order_di").inputs())
                .containsExactly("dim.dim_product_df", "dim.dim_user_df", "ods.ods_trade_order_df");
        assertThat(model("dws_ads_creative_1d").inputs())
                .containsExactly("dwd.dwd_ads_click_di", "dwd.dwd_ads_impression_di");
        assertThat(manifest.models())
                .extracting(ModelNode::parameters)
                .allSatisfy(parameters -> assertThat(parameters).containsExactly("ds"));
        assertThat(manifest.edges())
                .contains(
                        new Edge("source.traffic.access_log", "model.dwd_traffic_hit_di"),
                        new Edge("model.dim_user_df", "model.dwd_trade_order_di"),
                        new Edge("model.dwd_traffic_hit_di", "counter.traffic.page_view"),
                        new Edge("model.ads_traffic_site_overview", "export.traffic.site_overview"),
                        new Edge("export.traffic.site_overview", "report.traffic.overview"));
    }

    @Test
    void sourcesCarryWhatOtherModulesNeed() {
        SourceNode log = manifest.source("traffic.access_log").orElseThrow();
        assertThat(log.table()).isEqualTo("ods.ods_traffic_access_log_hi");
        assertThat(log.topic()).isEqualTo("granary.traffic.access_log");
        assertThat(log.eventTime()).isEqualTo("event_at");
        assertThat(log.columns())
                .extracting(column -> column.name() + " " + column.type())
                .containsExactly(
                        "client_ip string",
                        "user_name string",
                        "event_at timestamp",
                        "method string",
                        "url string",
                        "protocol string",
                        "status int",
                        "bytes bigint",
                        "referrer string",
                        "user_agent string");
        SourceNode order = manifest.source("trade.order").orElseThrow();
        assertThat(order.table()).isEqualTo("ods.ods_trade_order_df");
        assertThat(order.sourceTable()).isEqualTo("orders");
        assertThat(manifest.report("ads.effect").orElseThrow().sourceTable()).isEqualTo("ads_ads_creative_effect");
    }

    @Test
    void hashesTellWhatChangesAResult() throws IOException {
        String hash = model("dws_traffic_site_1d").hash();

        assertThat(hash).matches("[0-9a-f]{64}");
        assertThat(manifest.hash()).matches("[0-9a-f]{64}");
        assertThat(changed("-- Traffic of a day", "--  another comment")
                        .model("dws_traffic_site_1d")
                        .orElseThrow()
                        .hash())
                .isEqualTo(hash);
        assertThat(changed("count(*)", "count(1)")
                        .model("dws_traffic_site_1d")
                        .orElseThrow()
                        .hash())
                .isNotEqualTo(hash);
        assertThat(changed("nothing of this", "").hash())
                .isNotEqualTo(changed("count(*)", "count(1)").hash());
    }

    @Test
    void theManifestIsWrittenAndReadBack() {
        Home home = new Home(temp.resolve("home"));

        Manifest written = ManifestFile.readOrCompile(PROJECT, home);

        assertThat(Manifest.read(home.manifest())).isEqualTo(written);
        assertThat(ManifestFile.readOrCompile(PROJECT, home)).isEqualTo(written);
        assertThat(home.root().resolve("VERSION")).exists();
    }

    private Manifest changed(String from, String to) throws IOException {
        Path copy = Files.createTempDirectory(temp, "warehouse");
        try (var files = Files.walk(PROJECT.resolve("subjects"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(PROJECT.relativize(file).toString());
                Files.createDirectories(target.getParent());
                String text = Files.readString(file);
                boolean changes = file.endsWith("dws_traffic_site_1d.sql");
                Files.writeString(target, changes ? text.replace(from, to) : text);
            }
        }
        return compile(ProjectLoader.load(copy));
    }

    private ModelNode model(String name) {
        return manifest.model(name).orElseThrow();
    }

    static Manifest compile(LoadedProject project) {
        return new Compiler(Clock.fixed(Instant.parse("2026-11-21T20:00:00Z"), ZoneOffset.UTC)).compile(project);
    }
}
