package io.granary.batch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.project.Layer;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.Origin;
import io.granary.warehouse.project.Position;
import io.granary.warehouse.project.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ModelParserTest {
    private final Problems problems = new Problems();

    @Test
    void whatFollowsTheStatementIsCutOff() {
        ModelQuery query = parse("-- 一行\nSELECT 'x;😀' AS a FROM d.t WHERE ds = :ds\n; ; -- the end");

        assertThat(query.sql()).isEqualTo("-- 一行\nSELECT 'x;😀' AS a FROM d.t WHERE ds = :ds");
        assertThat(query.tokens())
                .containsExactly("SELECT", "'x;😀'", "AS", "a", "FROM", "d", ".", "t", "WHERE", "ds", "=", ":", "ds");
    }

    @Test
    void commentsAndWhiteSpaceAreNoTokens() {
        ModelQuery one = parse("SELECT a FROM d.t WHERE ds = :ds");
        ModelQuery other = parse("/* why */ SELECT\n    a -- the letter\nFROM d . t\nWHERE ds=:ds\n");

        assertThat(other.tokens()).isEqualTo(one.tokens());
    }

    @Test
    void tablesAreFoundWhereverTheyAreRead() {
        ModelQuery query = parse("""
                WITH x AS (SELECT a FROM d.in_cte WHERE a > (SELECT max(a) FROM d.in_scalar))
                SELECT a FROM x
                UNION ALL
                SELECT a FROM (WITH y AS (SELECT a FROM D.`In_Nested`) SELECT a FROM y) AS z
                LEFT JOIN LATERAL (SELECT b FROM d.in_lateral WHERE b = z.a) ON TRUE
                WHERE a IN (SELECT a FROM x) AND NOT EXISTS (SELECT 1 FROM d.in_exists)
                """);

        assertThat(query.tables().keySet())
                .containsExactlyInAnyOrder(
                        List.of("d", "in_cte"),
                        List.of("d", "in_scalar"),
                        List.of("d", "in_nested"),
                        List.of("d", "in_lateral"),
                        List.of("d", "in_exists"));
        assertThat(query.tables()).containsEntry(List.of("d", "in_cte"), new Position(1, 26));
        assertThat(query.columns()).isEmpty();
    }

    @Test
    void aNameOfAnInnerCteIsATableOutside() {
        ModelQuery query = parse("SELECT a FROM (WITH y AS (SELECT a FROM d.t) SELECT a FROM y) JOIN y USING (a)");

        assertThat(query.tables().keySet()).containsExactlyInAnyOrder(List.of("d", "t"), List.of("y"));
    }

    /** The example of docs/contracts.md. */
    @Test
    void theExampleOfTheContractIsAStreamableModel() throws IOException {
        Matcher block = Pattern.compile("```sql contract:model-sql\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "contracts.md")));
        assertThat(block.find()).isTrue();

        ModelQuery query = parse(block.group(1));

        assertThat(query.tables().keySet()).containsExactly(List.of("ods", "ods_traffic_access_log_hi"));
        assertThat(query.parameters().keySet()).containsExactly("ds");
        assertThat(query.columns())
                .containsExactly(Optional.of("site"), Optional.of("client_ip"), Optional.of("status"));
        assertThat(query.unstreamable()).isEmpty();
    }

    private ModelQuery parse(String sql) {
        Origin origin = new Origin("m.yaml", Map.of(), Map.of());
        ModelDefinition model = new ModelDefinition(
                origin, "s", Layer.DWD, "m", "m.sql", sql, "", "", "", List.of(), List.of(), "", false, "", List.of(),
                0, List.of(), List.of(), List.of(), List.of());
        Optional<ModelQuery> query = new ModelParser(problems).parse(model);
        assertThat(problems.sorted()).isEmpty();
        return query.orElseThrow();
    }
}
