package io.granary.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions through Spark SQL, with generated code and without: both must give the same. */
class FunctionsInSqlTest {
    private static SparkSession spark;

    @BeforeAll
    static void start(@TempDir Path folder) {
        spark = TestSpark.start(folder);
        spark.sql("""
                CREATE OR REPLACE TEMPORARY VIEW chunks AS
                SELECT * FROM VALUES
                    ('a', CAST('one\\r\\ntwo\\n\\nfour' AS BINARY), 100, 7, CAST(NULL AS BIGINT)),
                    ('b', CAST('one\\ntwo\\nthree\\n' AS BINARY), 0, 1, 8L),
                    ('c', CAST('' AS BINARY), 0, 1, NULL),
                    ('d', NULL, 0, 1, NULL),
                    ('e', CAST('one\\n' AS BINARY), 0, 1, 4L)
                AS c (name, body, start, first_line, mark)
                """);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void splitsChunksIntoLines(boolean generatedCode) {
        codegen(generatedCode);
        String sql = """
                SELECT name, line_offset, line_number, DECODE(line, 'UTF-8') AS text
                FROM (SELECT * FROM chunks DISTRIBUTE BY name)
                LATERAL VIEW explode_chunk(body, start, first_line, mark) l AS line_offset, line_number, line
                WHERE line_number > 0
                ORDER BY name, line_offset
                """;
        assertThat(rows(sql))
                .containsExactly("[a,100,7,one]", "[a,105,8,two]", "[a,109,9,]", "[a,110,10,four]", "[b,8,3,three]");
        String plan = spark.sql(sql).queryExecution().executedPlan().toString();
        assertThat(plan).contains("Generate explode_chunk");
    }

    @Test
    void aGeneratorOfWhichNoColumnIsReadCountsTheSame() {
        codegen(true);
        assertThat(rows("SELECT COUNT(*) FROM chunks LATERAL VIEW explode_chunk(body, start, first_line, mark) l"))
                .containsExactly("[5]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void linesThatAreKeptUntilLaterAreNotOverwritten(boolean generatedCode) {
        codegen(generatedCode);
        assertThat(rows("""
                        SELECT SORT_ARRAY(COLLECT_LIST(CONCAT(line_number, DECODE(line, 'UTF-8'))))
                        FROM (SELECT l.* FROM chunks
                              LATERAL VIEW explode_chunk(body, start, first_line, mark) l AS line_offset, line_number, line
                              WHERE name = 'a')
                        """)).containsExactly("[WrappedArray(10four, 7one, 8two, 9)]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void parsesLines(boolean generatedCode) {
        codegen(generatedCode);
        assertThat(rows("""
                        SELECT p.* FROM (
                            SELECT parse_combined(CAST(line AS BINARY)) AS p FROM VALUES
                                ('1.2.3.4 - - [17/May/2015:10:05:03 +0200] "GET /x HTTP/1.1" 200 5 "-" "curl"'),
                                ('1.2.3.4 - - [17/May/2015:10:05:03 +0200] "GET /x HTTP/1.1" 200 5 "-" "curl')
                            AS v (line))
                        """))
                .containsExactly(
                        "[1.2.3.4,null,2015-05-17 08:05:03.0,GET,/x,HTTP/1.1,200,5,null,curl,null]",
                        "[null,null,null,null,null,null,null,null,null,null,user agent has no closing quote]");
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatThrownBy(() -> spark.sql("SELECT parse_combined()"))
                .hasMessageContaining("parse_combined takes 1 arguments, not 0");
        assertThatThrownBy(() -> spark.sql("SELECT explode_chunk('text', 0, 1, 0)"))
                .hasMessageContaining("explode_chunk splits BINARY, its first argument is STRING");
    }

    private static void codegen(boolean on) {
        spark.conf().set("spark.sql.codegen.wholeStage", on);
        spark.conf().set("spark.sql.codegen.factoryMode", on ? "CODEGEN_ONLY" : "NO_CODEGEN");
    }

    private static List<String> rows(String sql) {
        java.util.TimeZone zone = java.util.TimeZone.getDefault();
        try {
            java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("UTC"));
            return spark.sql(sql).collectAsList().stream().map(Row::toString).toList();
        } finally {
            java.util.TimeZone.setDefault(zone);
        }
    }
}
