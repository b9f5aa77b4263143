package io.granary.warehouse.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.log.format.LineFormat;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.FileFetch;
import io.granary.warehouse.manifest.LogFiles;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TableRead;
import io.granary.warehouse.manifest.TopNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of docs/contracts.md keep the schemas and fit the records. */
class ContractsTest {
    private static final Path CONTRACTS = Path.of("..", "docs", "contracts.md");

    @ParameterizedTest
    @CsvSource({
        "subject, SUBJECT",
        "source-log-combined, SOURCE",
        "source-log-json, SOURCE",
        "source-log-polled, SOURCE",
        "source-jdbc, SOURCE",
        "source-ftp, SOURCE",
        "source-http, SOURCE",
        "source-manual, SOURCE",
        "source-jdbc-incremental, SOURCE",
        "model-yaml, MODEL",
        "model-tests, MODEL",
        "unit-test, UNIT_TEST",
        "seed, SEED",
        "metric, METRIC",
        "counter, COUNTER",
        "export, EXPORT",
        "export-redis, EXPORT",
        "report, REPORT"
    })
    void examplesKeepTheirSchema(String contract, DefinitionSchema schema) throws IOException {
        assertThat(schema.check(yaml(contract))).isEmpty();
    }

    @Test
    void examplesBecomeDefinitions() throws IOException {
        LogSource log = (LogSource) SourceDefinition.of("traffic", "access_log", "UTC", yaml("source-log-combined"));
        assertThat(log.table()).isEqualTo("ods.ods_traffic_access_log_hi");
        assertThat(log.topic()).isEqualTo("granary.traffic.access_log");
        assertThat(log.files())
                .containsExactly(
                        new LogFiles("demo-shop", "${var:demo_logs}/access.log*"),
                        new LogFiles("blog", "/var/log/blog/access.log*", "web"));
        assertThat(log.inbox()).isTrue();

        LogSource json = (LogSource) SourceDefinition.of("ads", "ad_event", "UTC", yaml("source-log-json"));
        assertThat(json.eventTime()).isEqualTo("event_at");
        assertThat(json.columns()).extracting(ColumnNode::required).containsExactly(true, true, true, false);

        JdbcSource jdbc = (JdbcSource) SourceDefinition.of("trade", "order", "UTC", yaml("source-jdbc"));
        assertThat(jdbc.table()).isEqualTo("ods.ods_trade_order_df");
        assertThat(jdbc.sourceTable()).isEqualTo("orders");
        assertThat(jdbc.splitKey()).contains("order_id");
        assertThat(jdbc.read()).isNull();
        JdbcSource shards =
                (JdbcSource) SourceDefinition.of("trade", "payment", "UTC", yaml("source-jdbc-incremental"));
        assertThat(shards.table()).isEqualTo("ods.ods_trade_payment_di");
        assertThat(shards.read())
                .isEqualTo(new TableRead(
                        "payments_*",
                        "updated_at",
                        "10m",
                        List.of("payment_id"),
                        "deleted = 0",
                        4,
                        "native",
                        new TableRead.Errors(10L, new BigDecimal("0.001")),
                        "null"));

        FileSource file = (FileSource) SourceDefinition.of("trade", "refund", "UTC", yaml("source-ftp"));
        assertThat(file.table()).isEqualTo("ods.ods_trade_refund_di");
        assertThat(file.fetch().csv().nullText()).isEqualTo("\\N");
        assertThat(file.fetch().complete().marker()).isEqualTo("/out/{ds}/_SUCCESS");
        assertThat(file.fetch().errors()).isEqualTo(new TableRead.Errors(10L, new BigDecimal("0.01")));
        FileSource rates = (FileSource) SourceDefinition.of("trade", "rate", "UTC", yaml("source-http"));
        assertThat(rates.fetch().csv()).isNull();
        assertThat(rates.fetch().retry()).isEqualTo(new FileFetch.Retry(5, "2s"));
        FileSource manual = (FileSource) SourceDefinition.of("trade", "target", "UTC", yaml("source-manual"));
        assertThat(manual.mode()).isEqualTo("replace");
        assertThat(manual.connection()).isNull();

        CounterDefinition counter = CounterDefinition.of("traffic", "page_view", yaml("counter"));
        assertThat(counter.where()).contains("is_page_view");
        assertThat(counter.measures())
                .containsExactly(
                        new MeasureNode("page_views", "count", null, null),
                        new MeasureNode("bytes", "sum", "bytes", null),
                        new MeasureNode("visitors", "distinct", "visitor_id", null),
                        new MeasureNode("buyers", "distinct", "user_name", true));
        assertThat(counter.ttl()).isEqualTo(Map.of("1m", Duration.ofDays(2), "1d", Duration.ofDays(40)));
        assertThat(counter.top()).containsExactly(new TopNode("page_views", List.of("site"), 100));
    }

    /** Columns of `format: combined` as section 7 lists them. */
    @Test
    void combinedColumnsAreThoseOfTheContract() throws IOException {
        Matcher listed =
                Pattern.compile("Columns of `format: combined`:\\s+`([^`]+)`").matcher(contracts());
        assertThat(listed.find()).isTrue();
        StringBuilder types = new StringBuilder();
        for (String group : listed.group(1).split("(?<=STRING|TIMESTAMP|INT|BIGINT),? ")) {
            String type = group.replaceAll("[^A-Z]", "");
            for (String name : group.replaceAll("[A-Z]", "").split(",")) {
                types.append(name.strip()).append(' ').append(type).append('\n');
            }
        }
        StringBuilder ours = new StringBuilder();
        LineFormat.of("combined")
                .columns()
                .forEach(column -> ours.append(column.name())
                        .append(' ')
                        .append(column.type().toUpperCase(java.util.Locale.ROOT))
                        .append('\n'));
        assertThat(ours).hasToString(types.toString());
    }

    @Test
    void theManifestKeepsEveryKeyOfItsExample() throws IOException {
        String example = block("manifest");
        Manifest manifest = Manifest.fromJson(example, "docs/contracts.md");

        ObjectMapper json = new ObjectMapper();
        assertHolds(json.readTree(manifest.toJson()), json.readTree(example), "");
    }

    /** Reading drops keys that no record has, so a key that comes back is one the records know. */
    private static void assertHolds(JsonNode written, JsonNode example, String at) {
        if (example.isObject()) {
            for (Map.Entry<String, JsonNode> field : example.properties()) {
                String key = at + "/" + field.getKey();
                assertThat(written.has(field.getKey())).as(key).isTrue();
                assertHolds(written.get(field.getKey()), field.getValue(), key);
            }
        } else if (example.isArray()) {
            assertThat(written.size()).as(at).isEqualTo(example.size());
            for (int i = 0; i < example.size(); i++) {
                assertHolds(written.get(i), example.get(i), at + "/" + i);
            }
        } else {
            assertThat(written).as(at).isEqualTo(example);
        }
    }

    private static YamlFile yaml(String contract) throws IOException {
        Problems problems = new Problems();
        YamlFile yaml =
                YamlReader.read("docs/contracts.md", block(contract), problems).orElseThrow();
        assertThat(problems.sorted()).isEmpty();
        return yaml;
    }

    private static String block(String contract) throws IOException {
        Matcher block = Pattern.compile("```[a-z]+ contract:" + Pattern.quote(contract) + "\n(.*?)```", Pattern.DOTALL)
                .matcher(contracts());
        assertThat(block.find()).as("block contract:" + contract).isTrue();
        return block.group(1);
    }

    private static String contracts() throws IOException {
        return Files.readString(CONTRACTS);
    }
}
