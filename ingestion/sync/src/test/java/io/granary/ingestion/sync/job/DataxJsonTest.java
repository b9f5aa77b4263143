package io.granary.ingestion.sync.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DataxJsonTest {
    /** As people write it for DataX, but for the password. */
    private static final String JOB = """
            {"job": {"setting": {"speed": {"channel": 1}, "errorLimit": {"record": 0}}, "content": [{
              "reader": {"name": "mysqlreader", "parameter": {"username": "dx", "password": "${connection:shop}",
                "column": ["id", "price"], "splitPk": "id",
                "connection": [{"jdbcUrl": ["jdbc:mysql://127.0.0.1:3306/shop"], "table": ["orders"]}]}},
              "writer": {"name": "hdfswriter", "parameter": {"defaultFS": "hdfs://127.0.0.1:9000", "fileType": "orc",
                "path": "/dw/orders", "fileName": "orders", "writeMode": "nonConflict", "fieldDelimiter": "\\u0001",
                "column": [{"name": "id", "type": "bigint"}, {"name": "price", "type": "decimal(12,2)"}]}}}]}}
            """;

    @Test
    void aJobIsReadAndWrittenBack() {
        DataxJob job = DataxJson.read(JOB, "job.json");
        assertThat(job.reader()).isInstanceOf(RdbmsReader.class);
        assertThat(((HdfsWriter) job.writer()).column()).contains(new WriterColumn("price", "decimal(12,2)"));
        assertThat(DataxJson.read(DataxJson.write(job), "again")).isEqualTo(job);
    }

    @Test
    void aMissingErrorLimitMeansThatNoRowMayBeLost() {
        DataxJob job = DataxJson.read(JOB.replace(", \"errorLimit\": {\"record\": 0}", ""), "job.json");
        assertThat(job.setting().errorLimit().record()).isZero();
    }

    /** Jobs as people write them for DataX: every plugin, with every key it has here. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void aGoodJobIsReadAndWrittenBack(String name) throws IOException {
        DataxJob job = DataxJson.read(resource("good/" + name + ".json"), name);
        assertThat(DataxJson.read(DataxJson.write(job), "again")).isEqualTo(job);
    }

    /** What the file beside it says is the message, or its beginning. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void aBadJobIsRefusedWithItsPlace(String name) throws IOException {
        String json = resource("bad/" + name + ".json");
        assertThatThrownBy(() -> DataxJson.read(json, name + ".json"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining(name + ".json:")
                .hasMessageContaining(resource("bad/" + name + ".txt").strip())
                .hasMessageNotContaining("tops3cret");
    }

    @Test
    void variablesAreReplacedWhereTheyStand() {
        String json = JOB.replace("\"splitPk\"", "\"where\": \"name = '$name' and ds >= '${ds}'\", \"splitPk\"")
                .replace("\"channel\": 1", "\"channel\": ${channel}");
        Map<String, String> values =
                JobVariables.parse(List.of("-Dds=2026-11-01 -Dchannel=3", "-Dname=a \"quoted\" \\ value"));
        DataxJob job = DataxJson.read(json, "job.json", values);
        assertThat(((RdbmsReader) job.reader()).where())
                .isEqualTo("name = 'a \"quoted\" \\ value' and ds >= '2026-11-01'");
        assertThat(job.channels()).isEqualTo(3);
        assertThatThrownBy(
                        () -> DataxJson.read(json, "job.json", Map.of("name", "", "ds", "", "channel", "1, \"x\": 1")))
                .hasMessageContaining("job.json: variable channel stands outside of quotes");
        assertThatThrownBy(() -> JobVariables.parse(List.of("ds=1"))).hasMessageContaining("'ds=1' sets no variable");
    }

    @Test
    void aDollarSignIsKept() throws IOException {
        DataxJob job = DataxJson.read(resource("good/dollar-that-is-no-variable.json"), "job");
        assertThat(((RdbmsReader) job.reader()).where()).isEqualTo("name like '%$' or price = '$5' or x = '$y'");
        assertThat(DataxJson.write(job)).contains("\\u0024y").contains("${connection:shop}");
    }

    @Test
    void limitsChooseChannelsAsInDatax() {
        Core core = new Core(null, new Core.Transport(new Core.Channel(new Core.ChannelSpeed(1000L, 50L))), null);
        DataxJob job = DataxJson.read(JOB, "job.json");
        Speed speed = new Speed(9, 4000L, 100L);
        DataxJob limited = new DataxJob(
                core,
                new DataxJob.Setting(speed, null),
                List.of(new DataxJob.Content(job.reader(), job.writer(), null)));
        assertThat(limited.channels()).isEqualTo(2);
        assertThat(DataxJob.of(new DataxJob.Setting(speed, null), job.reader(), job.writer())
                        .channels())
                .isEqualTo(9);
    }

    @Test
    void errorLimitsAsInDatax() {
        assertThat(ErrorLimit.NONE_LOST.passed(1)).isTrue();
        ErrorLimit share = new ErrorLimit(null, 0.5);
        assertThat(share.passed(1000)).isFalse();
        assertThat(share.passedAtEnd(5, 10)).isFalse();
        assertThat(share.passedAtEnd(6, 10)).isTrue();
        assertThat(new ErrorLimit(3L, 0.0).passedAtEnd(3, 10)).as("record wins").isFalse();
    }

    @Test
    void dataxTypesAreHiveTypes() {
        assertThat(new ReaderColumn(0, null, "date", null, "yyyy.MM.dd").hiveType())
                .isEqualTo("date");
        assertThat(new ReaderColumn(0, null, "date", null, "yyyyMMdd HHmmss").hiveType())
                .isEqualTo("timestamp");
        assertThat(ReaderColumn.at(0, "LONG").hiveType()).isEqualTo("bigint");
        assertThat(ReaderColumn.at(0, "Decimal(20, 4)").hiveType()).isEqualTo("decimal(20,4)");
    }

    private static List<String> good() throws IOException {
        return names("good");
    }

    private static List<String> bad() throws IOException {
        return names("bad");
    }

    private static List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/jobs", folder))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".json"))
                    .map(f -> f.substring(0, f.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }

    private static String resource(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/jobs", name));
    }
}
