package io.granary.ingestion.sync.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import org.junit.jupiter.api.Test;

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

    @Test
    void anUnknownKeyIsNamedWithItsPlace() {
        refused(
                "\"splitPk\"",
                "\"splitPK\"",
                "unknown key job.content[0].reader.parameter.splitPK. Did you mean 'splitPk'?");
        refused("\"record\": 0", "\"percent\": 0.1", "unknown key job.setting.errorLimit.percent. Known: percentage,");
        refused("{\"job\"", "{\"setting\": {}, \"job\"", "unknown key setting");
    }

    @Test
    void whatCannotWorkIsRefused() {
        refused("hdfswriter", "hdfswritter", "job.content[0].writer.name is 'hdfswritter'. Did you mean 'hdfswriter'?");
        refused("\"orc\"", "\"rc\"", "fileType is 'rc'; supported: orc, text, csv");
        refused("[\"id\", \"price\"]", "[]", "key 'column' is missing");
        refused("\"channel\": 1", "\"channel\": 0", "channel is 0");
        assertThatThrownBy(() -> DataxJson.read("{", "job.json")).hasMessageContaining("job.json:1: no JSON");
    }

    @Test
    void aPasswordInTheJobIsRefusedAndNotShown() {
        assertThatThrownBy(() -> DataxJson.read(JOB.replace("${connection:shop}", "tops3cret"), "job.json"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("${connection:shop}")
                .hasMessageNotContaining("tops3cret");
    }

    private static void refused(String from, String to, String message) {
        assertThat(JOB).contains(from);
        assertThatThrownBy(() -> DataxJson.read(JOB.replace(from, to), "job.json"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("job.json: ")
                .hasMessageContaining(message);
    }
}
