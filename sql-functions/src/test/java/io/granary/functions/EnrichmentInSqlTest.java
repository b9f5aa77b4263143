package io.granary.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The enrichment functions through Spark SQL, with generated code and without: both must give the same. */
class EnrichmentInSqlTest {
    private static final Path DOCUMENTATION = Path.of("..", "docs", "sql-functions.md");
    private static SparkSession spark;

    @BeforeAll
    static void start(@TempDir Path folder) {
        spark = TestSpark.start(folder);
        spark.sql("""
                CREATE OR REPLACE TEMPORARY VIEW hits AS
                SELECT * FROM VALUES
                    (1, 'https://Shop.example/a/b?q=red+shoes&q=2&x=%41', '203.0.113.9',
                     'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'q'),
                    (2, '/p?x', 'fe80::1', 'Googlebot/2.1 (+http://www.google.com/bot.html)', 'x'),
                    (3, NULL, NULL, NULL, NULL),
                    (4, '', '', '', '')
                AS h (id, url, ip, agent, name)
                """);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsUrls(boolean generatedCode) {
        codegen(generatedCode);
        assertThat(rows("""
                        SELECT url_path(url), url_query(url), url_host(url), url_parameter(url, name), url_parameters(url)
                        FROM (SELECT * FROM hits DISTRIBUTE BY id) ORDER BY id"""))
                .containsExactly(
                        "[/a/b,q=red+shoes&q=2&x=%41,shop.example,red shoes,Map(q -> red shoes, x -> A)]",
                        "[/p,x,null,,Map(x -> )]", "[null,null,null,null,null]", "[,null,null,null,Map()]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsAgents(boolean generatedCode) {
        codegen(generatedCode);
        assertThat(rows("""
                        SELECT u.*, is_bot(agent), bot_name(agent), u IS NULL
                        FROM (SELECT *, user_agent(agent) AS u FROM (SELECT * FROM hits DISTRIBUTE BY id)) ORDER BY id"""))
                .containsExactly(
                        "[Firefox,132.0,Linux,null,desktop,null,false,null,false]",
                        "[Googlebot,2.1,null,null,bot,null,true,Googlebot,false]",
                        "[null,null,null,null,null,null,null,null,true]",
                        "[null,null,null,null,other,null,false,null,false]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsAddresses(boolean generatedCode) {
        codegen(generatedCode);
        assertThat(rows("""
                        SELECT ip_class(ip), ip_prefix(ip, 24, 48), ip_prefix(ip, NULL, 48)
                        FROM (SELECT * FROM hits DISTRIBUTE BY id) ORDER BY id"""))
                .containsExactly(
                        "[documentation,203.0.113.0/24,null]",
                        "[link_local,fe80::/48,null]",
                        "[null,null,null]",
                        "[invalid,null,null]");
    }

    /** Parts of a row's bytes are kept by what groups, sorts and collects. */
    @Test
    void partsOutliveTheRowTheyComeFrom() {
        codegen(true);
        assertThat(rows("""
                        SELECT url_path(url) AS path, COUNT(*), SORT_ARRAY(COLLECT_SET(url_parameter(url, 'n')))
                        FROM (SELECT CONCAT('/page', id % 3, '?n=', id % 5) AS url FROM RANGE(1000))
                        GROUP BY 1 ORDER BY 1"""))
                .containsExactly(
                        "[/page0,334,WrappedArray(0, 1, 2, 3, 4)]",
                        "[/page1,333,WrappedArray(0, 1, 2, 3, 4)]",
                        "[/page2,333,WrappedArray(0, 1, 2, 3, 4)]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theExamplesInTheDocumentationHold(boolean generatedCode) throws IOException {
        codegen(generatedCode);
        List<String> examples = Pattern.compile("(?s)```sql examples\\n(.*?)```")
                .matcher(Files.readString(DOCUMENTATION))
                .results()
                .flatMap(block -> block.group(1).lines())
                .toList();
        assertThat(examples).hasSizeGreaterThan(25);
        for (String example : examples) {
            int comment = example.lastIndexOf(" -- ");
            String expression = example.substring(0, comment).strip();
            List<Row> row = spark.sql("SELECT COALESCE(CAST(" + expression + " AS STRING), 'NULL')")
                    .collectAsList();
            assertThat(row.get(0).getString(0)).as(expression).isEqualTo(example.substring(comment + 4));
        }
    }

    @Test
    void theDocumentationHasEveryFunction() throws IOException {
        String documentation = Files.readString(DOCUMENTATION);
        assertThat(GranaryExtensions.functions())
                .hasSizeGreaterThan(15)
                .allMatch(function -> documentation.contains("\n### " + function.name() + "("));
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatThrownBy(() -> spark.sql("SELECT url_parameter('/a?b=c')"))
                .hasMessageContaining("url_parameter takes 2 arguments, not 1");
        assertThatThrownBy(() ->
                        spark.sql("SELECT ip_prefix('1.2.3.4', map(), 48)").collect())
                .hasMessageContaining("INT");
    }

    private static void codegen(boolean on) {
        spark.conf().set("spark.sql.codegen.wholeStage", on);
        spark.conf().set("spark.sql.codegen.factoryMode", on ? "CODEGEN_ONLY" : "NO_CODEGEN");
    }

    private static List<String> rows(String sql) {
        return spark.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }
}
