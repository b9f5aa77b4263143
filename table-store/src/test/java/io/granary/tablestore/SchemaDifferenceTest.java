package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaDifferenceTest {
    @Test
    void sameTypesUnderOtherNamesAreNoDifference() {
        assertThat(SchemaDifference.between(
                        schema("a:int", "b:decimal(10,0)", "c:struct<long:bigint,x:array<int>>", "d:decimal(12,2)"),
                        schema("A:INTEGER", "b:decimal", "c:STRUCT<long: LONG, x: ARRAY<INT>>", "d:DECIMAL(12, 2)")))
                .isEmpty();
    }

    @Test
    void namesWhatDiffers() {
        assertThat(SchemaDifference.between(schema("a:int", "b:string"), schema("a:bigint", "c:string")))
                .containsExactly(
                        "column a is int in the table, bigint in the definition",
                        "column c string is not in the table",
                        "column b string is in the table only");
        assertThat(SchemaDifference.between(schema("a:int", "b:int"), schema("b:int", "a:int")))
                .containsExactly("the columns are in the order [a, b] in the table, [b, a] in the definition");
    }

    private static TableSchema schema(String... columns) {
        List<Column> list = Arrays.stream(columns)
                .map(c -> new Column(c.substring(0, c.indexOf(':')), c.substring(c.indexOf(':') + 1)))
                .toList();
        return new TableSchema(new TableName("d", "t"), list, List.of(new Column("ds", "string")), "");
    }
}
