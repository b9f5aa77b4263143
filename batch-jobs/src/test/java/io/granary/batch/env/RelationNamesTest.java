package io.granary.batch.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RelationNamesTest {
    private static String moved(String sql) {
        return RelationNames.inStatement(sql, name -> name.equals("dwd.dwd_x") ? "dev__" + name : name, "x.sql");
    }

    @Test
    void everyPlaceThatNamesTheTableReadsTheOther() {
        assertThat(moved("SELECT x.site FROM dwd.dwd_x AS x WHERE x.ds = :ds"))
                .isEqualTo("SELECT x.site FROM dev__dwd.dwd_x AS x WHERE x.ds = :ds");
        assertThat(moved("SELECT a.n FROM ods.a a JOIN `DWD`.`dwd_x` b ON a.id = b.id"))
                .isEqualTo("SELECT a.n FROM ods.a a JOIN dev__dwd.dwd_x b ON a.id = b.id");
        assertThat(moved("WITH c AS (SELECT * FROM dwd.dwd_x) SELECT * FROM c"
                        + " WHERE id IN (SELECT id FROM dwd . dwd_x) AND EXISTS (SELECT 1 FROM dwd.dwd_x2)"))
                .isEqualTo("WITH c AS (SELECT * FROM dev__dwd.dwd_x) SELECT * FROM c"
                        + " WHERE id IN (SELECT id FROM dev__dwd.dwd_x) AND EXISTS (SELECT 1 FROM dwd.dwd_x2)");
        assertThat(moved("SELECT dwd.dwd_x.n, dwd.dwd_x.*, dwd_x.site FROM dwd.dwd_x"))
                .isEqualTo("SELECT dev__dwd.dwd_x.n, dev__dwd.dwd_x.*, dwd_x.site FROM dev__dwd.dwd_x");
    }

    @Test
    void whatOnlyLooksLikeTheTableStays() {
        String sql = """
                -- FROM dwd.dwd_x, 𝒳 and 你好
                SELECT 'FROM dwd.dwd_x' AS text, "dwd.dwd_x" AS other, /* dwd.dwd_x */ dwd_x.n, '𝒳' AS x
                FROM dws.dwd_x AS dwd_x""";
        assertThat(moved(sql)).isEqualTo(sql);
        assertThat(moved("SELECT '𝒳' AS x FROM dwd.dwd_x")).isEqualTo("SELECT '𝒳' AS x FROM dev__dwd.dwd_x");
    }

    @Test
    void conditionsHaveSubqueriesToo() {
        assertThat(RelationNames.inExpression("n > (SELECT max(n) FROM dwd.dwd_x)", name -> "e__" + name, "t"))
                .isEqualTo("n > (SELECT max(n) FROM e__dwd.dwd_x)");
    }

    @Test
    void brokenSqlIsNamed() {
        assertThatThrownBy(() -> moved("SELECT FROM (")).hasMessageContaining("x.sql:1:");
    }
}
