package io.granary.batch.versions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.tablestore.Column;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.DurationText;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VersionCommandsTest {
    private static final LocalWarehouse WAREHOUSE = LocalWarehouse.shared();
    private static final TableName TABLE = new TableName("dws", "dws_version_commands");

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private final PrintStream stdout = System.out;
    private final PrintStream stderr = System.err;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(data, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(messages, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(stdout);
        System.setErr(stderr);
    }

    @Test
    void rollsBackThenCollects() {
        try (HiveJdbcSession session = HiveJdbcSession.open(WAREHOUSE.profile());
                HiveTableStore store = HiveTableStore.open(WAREHOUSE.profile(), session)) {
            store.ensure(new TableSchema(
                    TABLE, List.of(new Column("hits", "bigint")), List.of(new Column("ds", "string")), ""));
            RunId first = publish(store, session, 1);
            RunId second = publish(store, session, 2);

            assertThat(run(new RollbackCommand(), "dws_version_commands", "--ds", "2026-11-01"))
                    .isZero();
            assertThat(text(data)).isEqualTo(TABLE + "\tds=2026-11-01\t" + second + "\t" + first + "\n");
            assertThat(session.query("SELECT hits FROM " + TABLE).single()).isEqualTo(1);
            assertThat(run(new RollbackCommand(), "dws_version_commands", "--ds", "2026-11-01"))
                    .isEqualTo(1);
            assertThat(text(messages)).contains("has no version before " + first);

            data.reset();
            assertThat(run(new GcCommand(), TABLE.toString(), "--older", "0s", "--dry-run"))
                    .isZero();
            assertThat(text(data)).contains("/v=" + second + "\treplaced");
            assertThat(text(messages)).contains("would delete 1 version(s)");
            assertThat(run(new GcCommand(), TABLE.toString())).isZero();
            assertThat(text(messages)).contains("deleted 0 version(s), 0 bytes; 1 more wait");
            assertThat(run(new GcCommand(), TABLE.toString(), "--older", "0s")).isZero();
            assertThat(text(messages)).contains("deleted 1 version(s)");
            assertThat(session.query("SELECT hits FROM " + TABLE).single()).isEqualTo(1);
        }
    }

    @Test
    void saysWhatIsWrongWithTheArguments() {
        assertThat(run(new RollbackCommand(), "nowhere", "--ds", "2026-11-01")).isEqualTo(1);
        assertThat(text(messages)).contains("there is no published table nowhere");
        assertThat(run(new GcCommand(), "--older", "1 day")).isEqualTo(2);
        assertThat(text(messages)).contains("--older is '1 day'; write a number and s, m, h or d");
        assertThat(run(new GcCommand(), "--keep", "-1")).isEqualTo(2);
        assertThat(DurationText.parse("--older", "2d")).isEqualTo(Duration.ofDays(2));
        List<TableName> twice = List.of(new TableName("a", "t"), new TableName("b", "t"));
        assertThatThrownBy(() -> VersionedTables.chosen(twice, List.of("t"), Optional.empty()))
                .hasMessageContaining("Give the database");
        assertThat(VersionedTables.chosen(twice, List.of("b.t"), Optional.empty()))
                .containsExactly(twice.get(1));
    }

    private static RunId publish(HiveTableStore store, HiveJdbcSession session, int hits) {
        TableStore.Staging staging = store.stage(TABLE, RunId.next(Clock.systemUTC()));
        session.execute(
                "INSERT OVERWRITE TABLE " + staging.table() + " PARTITION (ds='2026-11-01') VALUES (" + hits + ")");
        PartitionSpec day = PartitionSpec.of("ds", "2026-11-01");
        store.publish(staging, Set.of(day), new Provenance("model.t", "1", List.of()));
        return staging.run();
    }

    private static int run(Object command, String... args) {
        return Commands.run(
                command,
                Stream.concat(
                                Stream.of(args),
                                Stream.of("--profile", WAREHOUSE.profileFile().toString()))
                        .toArray(String[]::new));
    }

    private static String text(ByteArrayOutputStream out) {
        return out.toString(StandardCharsets.UTF_8);
    }
}
