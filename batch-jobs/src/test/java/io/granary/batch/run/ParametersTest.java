package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParametersTest {
    private static final Map<String, String> DAY = Map.of("ds", "2026-11-01");

    @Test
    void bindsMarkersAndNothingThatLooksLikeOne() {
        String sql = """
                -- :ds in a comment
                WITH a AS (SELECT ':ds' AS text, ":ds" AS other, `:ds` FROM t WHERE ds = :ds)
                SELECT /* :ds /* nested :ds */ */ 'it\\'s :ds' AS x, r'\\' AS raw, a.*, CAST(y AS STRUCT<ds:STRING>)
                FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.ds BETWEEN date_sub(:ds, 7) AND :ds)
                """;
        assertThat(Parameters.bind(sql, DAY, "f.sql")).isEqualTo("""
                        -- :ds in a comment
                        WITH a AS (SELECT ':ds' AS text, ":ds" AS other, `:ds` FROM t WHERE ds = '2026-11-01')
                        SELECT /* :ds /* nested :ds */ */ 'it\\'s :ds' AS x, r'\\' AS raw, a.*, CAST(y AS STRUCT<ds:STRING>)
                        FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.ds BETWEEN date_sub('2026-11-01', 7) AND '2026-11-01')
                        """);
    }

    @Test
    void positionsAreRightBehindLettersOutsideTheBasicPlane() {
        assertThat(Parameters.bind("SELECT '😀😀', : ds, :ds", DAY, "f.sql"))
                .isEqualTo("SELECT '😀😀', '2026-11-01', '2026-11-01'");
    }

    @Test
    void valuesAreQuoted() {
        assertThat(Parameters.bind("SELECT :x", Map.of("x", "it's \\ :x"), "f.sql"))
                .isEqualTo("SELECT 'it\\'s \\\\ :x'");
    }

    @Test
    void anUnknownParameterIsNamedWithItsPlace() {
        assertThatThrownBy(() -> Parameters.bind("SELECT\n  :start", DAY, "models/a.sql"))
                .isInstanceOf(GranaryException.class)
                .hasMessage("models/a.sql:2:3  parameter :start has no value; known: :ds");
    }

    @Test
    void sqlThatDoesNotParseIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> Parameters.bind("SELECT 1\nFRM t WHERE", DAY, "models/a.sql"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("models/a.sql:2:");
    }
}
