package io.granary.warehouse.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlLiteralTest {
    @Test
    void quotesAndBackslashesStayInsideTheText() {
        assertThat(SqlLiteral.of("a'; DROP TABLE t --")).isEqualTo("'a\\'; DROP TABLE t --'");
        assertThat(SqlLiteral.of("ends with \\")).isEqualTo("'ends with \\\\'");
        assertThat(SqlLiteral.of("")).isEqualTo("''");
    }
}
