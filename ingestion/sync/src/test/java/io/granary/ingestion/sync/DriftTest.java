package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.tablestore.Column;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {
    private static final List<Column> TABLE =
            List.of(new Column("id", "int"), new Column("price", "decimal(10,2)"), new Column("note", "string"));
    private static final List<SourceColumn> LAST = List.of(
            new SourceColumn("id", "int", "int(11)"),
            new SourceColumn("price", "decimal(10,2)", "decimal(10,2)"),
            new SourceColumn("note", "string", "varchar(64)"));

    @Test
    void theSameColumnsAreNoDrift() {
        Drift drift = Drift.between(TABLE, LAST, now("int(11)", "decimal(10,2)", "varchar(64)"));
        assertThat(drift.columns()).isEqualTo(TABLE);
        assertThat(drift.notes()).isEmpty();
        drift.refuse("s", false);
    }

    @Test
    void newColumnsGoBehindThoseOfTheTable() {
        List<DatabaseColumn> now = List.of(
                column("added", "date", "date"),
                column("id", "int", "int(11)"),
                column("price", "decimal(10,2)", "decimal(10,2)"),
                column("note", "string", "varchar(64)"));
        Drift drift = Drift.between(TABLE, LAST, now);
        assertThat(drift.columns()).extracting(Column::name).containsExactly("id", "price", "note", "added");
        assertThat(drift.notes()).containsExactly("column added date is new: taken over, NULL in the days before");
        drift.refuse("s", false);
    }

    @Test
    void widerTypesAreTakenOver() {
        Drift drift = Drift.between(TABLE, LAST, now("bigint(20)", "decimal(12,2)", "varchar(128)"));
        assertThat(drift.widened()).containsExactly(new Column("id", "bigint"), new Column("price", "decimal(12,2)"));
        assertThat(drift.columns()).extracting(Column::type).containsExactly("bigint", "decimal(12,2)", "string");
        assertThat(drift.notes())
                .containsExactly(
                        "column id was int (int(11)), is bigint (bigint(20)): widened",
                        "column price was decimal(10,2) (decimal(10,2)), is decimal(12,2) (decimal(12,2)): widened",
                        "column note was varchar(64), is varchar(128): widened");
        drift.refuse("s", false);
    }

    @Test
    void whatWouldBeLostStopsTheJobUntilSomebodyAcceptsIt() {
        List<DatabaseColumn> now = List.of(column("id", "int", "int(11)"), column("note", "string", "varchar(20)"));
        Drift drift = Drift.between(TABLE, LAST, now);
        assertThatThrownBy(() -> drift.refuse("trade.order", false))
                .hasMessageContaining("source trade.order has other columns than when it was last synced:")
                .hasMessageContaining("column price decimal(10,2) is gone")
                .hasMessageContaining("column note was varchar(64), is varchar(20): narrower")
                .hasMessageContaining("--accept-drift");
        assertThatCode(() -> drift.refuse("trade.order", true)).doesNotThrowAnyException();
        assertThat(drift.columns()).isEqualTo(TABLE);
        assertThat(drift.notes()).allMatch(note -> note.endsWith("(accepted)"));

        List<SourceColumn> accepted = now.stream().map(SourceColumn::of).toList();
        Drift next = Drift.between(TABLE, accepted, now);
        next.refuse("trade.order", false);
        assertThat(next.notes()).isEmpty();
    }

    @Test
    void aTypeThatBecameAnotherIsRefusedWhateverIsAccepted() {
        Drift drift = Drift.between(
                TABLE,
                LAST,
                List.of(
                        column("id", "string", "varchar(36)"),
                        column("price", "decimal(10,4)", "decimal(10,4)"),
                        column("note", "string", "varchar(64)")));
        assertThatThrownBy(() -> drift.refuse("s", true))
                .hasMessageContaining("column id was int (int(11)), is string (varchar(36))")
                .hasMessageContaining("column price was decimal(10,2) (decimal(10,2)), is decimal(10,4)")
                .hasMessageContaining("through a view");
    }

    @Test
    void withoutARecordTheTableItselfIsCompared() {
        Drift drift = Drift.between(TABLE, List.of(), List.of(column("id", "bigint", "bigint(20)")));
        assertThat(drift.widened()).containsExactly(new Column("id", "bigint"));
        assertThat(drift.lost()).containsExactly("column price decimal(10,2) is gone", "column note string is gone");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "bigint; int; true",
                "int; bigint; false",
                "bigint; string; false",
                "string; int; false",
                "decimal(20,0); bigint; true",
                "decimal(20,2); bigint; false",
                "decimal(12,2); decimal(10,2); true",
                "decimal(12,4); decimal(10,2); true",
                "decimal(12,4); decimal(12,2); false",
                "double; float; true",
                "double; int; false",
                "timestamp; date; false",
                "date; date; true"
            })
    void aTypeIsWiderWhenItHoldsEveryValue(String wide, String narrow, boolean holds) {
        assertThat(WiderType.holds(wide, narrow)).isEqualTo(holds);
    }

    private static List<DatabaseColumn> now(String id, String price, String note) {
        return List.of(
                column("id", id.startsWith("big") ? "bigint" : "int", id),
                column("price", price, price),
                column("note", "string", note));
    }

    private static DatabaseColumn column(String name, String type, String sourceType) {
        return new DatabaseColumn(name, type, "", sourceType, true, 0);
    }
}
