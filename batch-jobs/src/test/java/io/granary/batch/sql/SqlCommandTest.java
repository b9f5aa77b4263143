package io.granary.batch.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.command.Commands;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlCommandTest {
    private final LocalWarehouse warehouse = LocalWarehouse.shared();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream stderr = System.err;
    private final InputStream stdin = System.in;
    private final TimeZone zone = TimeZone.getDefault();

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    }

    @AfterEach
    void restore() {
        System.setErr(stderr);
        System.setIn(stdin);
        TimeZone.setDefault(zone);
    }

    @Test
    void rowsAreForScriptsAndTheRestForPeople() {
        assertThat(sql(
                        "-e",
                        "SELECT '' AS e, CAST(NULL AS STRING) AS n, CAST(1.10 AS DECIMAL(12,2)) AS d,"
                                + " TIMESTAMP'2026-03-29 02:30:00.5Z' AS at, X'00FF' AS b, array(1, 2) AS list, NULL AS nothing",
                        "--output",
                        "csv"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("e,n,d,at,b,list,nothing\n\"\",,1.10,2026-03-29 02:30:00.5,00ff,\"[1,2]\",\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).matches("1 row  \\d+\\.\\d\\d s\n");
    }

    @Test
    void severalStatementsShareOneSession(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("a.sql"),
                "CREATE TEMPORARY VIEW v AS SELECT id FROM range(2); -- a view\nSELECT id FROM v ORDER BY id;\nSELECT 'x;y' AS t");
        assertThat(sql("-f", file.toString(), "--output", "json")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("[\n{\"id\":0},\n{\"id\":1}\n]\n\n[\n{\"t\":\"x;y\"}\n]\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("OK  ").contains("2 rows  ");
    }

    @Test
    void statementsMayComeOnStandardInput() {
        System.setIn(new ByteArrayInputStream("SELECT 1 AS a".getBytes(StandardCharsets.UTF_8)));
        assertThat(sql()).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a\n-\n1\n");
    }

    @Test
    void theFirstErrorEndsTheScript() {
        assertThat(sql("-e", "SELECT 1 AS a; SELECT * FROM nowhere.t; SELECT 2 AS b"))
                .isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a\n-\n1\n");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("granary: [TABLE_OR_VIEW_NOT_FOUND]")
                .contains("statement: SELECT * FROM nowhere.t")
                .doesNotContain("\tat ");
    }

    @Test
    void wrongUse() {
        assertThat(sql("-e", " -- nothing")).isEqualTo(2);
        assertThat(sql("-e", "SELECT 1", "-f", "x.sql")).isEqualTo(2);
        assertThat(sql("-f", "no-such-file.sql")).isEqualTo(2);
        assertThat(sql("-e", "SELECT 1", "--output", "xml")).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private int sql(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--profile", warehouse.profileFile().toString()));
        return Commands.run(
                new SqlCommand(new PrintStream(out, false, StandardCharsets.UTF_8)), all.toArray(String[]::new));
    }
}
