package io.granary.batch.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.batch.run.BuildCommand;
import io.granary.batch.seal.SealCommand;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.command.Commands;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmitCommandTest {
    private static final LocalDate OVER_JDBC = LocalDate.parse("2026-11-01");
    private static final LocalDate IN_PROCESS = LocalDate.parse("2026-11-02");
    private static final LocalWarehouse WAREHOUSE = LocalWarehouse.shared();

    @TempDir
    private Path folder;

    @Test
    void aDayIsTheSameOverJdbcAndInProcess() throws Exception {
        SmallChain chain = new SmallChain(WAREHOUSE, "submit", folder);
        chain.land(OVER_JDBC, 500);
        assertThat(Commands.run(new SealCommand(), chain.arguments("--wait", "0")))
                .isZero();
        assertThat(Commands.run(new BuildCommand(), chain.arguments("--ds", OVER_JDBC.toString())))
                .isZero();

        chain.land(IN_PROCESS, 500);
        assertThat(submit(chain.arguments("seal", "--wait", "0"))).isZero();
        assertThat(submit(chain.arguments("build", "--ds", IN_PROCESS.toString())))
                .isZero();

        assertThat(chain.hashes(IN_PROCESS)).isEqualTo(chain.hashes(OVER_JDBC)).noneMatch(h -> h.contains(0L));
        assertThat(chain.provenance(IN_PROCESS)).isEqualTo(chain.provenance(OVER_JDBC));

        assertThat(submit(chain.arguments("retry"))).isZero();
        assertThat(submit(chain.arguments("run", "--ds", IN_PROCESS.toString(), "--full-refresh")))
                .isZero();
        assertThat(chain.hashes(IN_PROCESS)).isEqualTo(chain.hashes(OVER_JDBC));
    }

    /** Of the module sync are `sync` and `job`; here a verb of the tests. */
    @Test
    void verbsOfOtherModulesOnTheClassPathRunToo() throws Exception {
        SmallChain chain = new SmallChain(WAREHOUSE, "other", folder);
        String[] arguments = chain.arguments("count", "rows");
        assertThat(said(0, arguments)).contains("rows: [[7]]");
    }

    @Test
    void wrongUseIsSaidSo() {
        assertThat(said(2, new String[0]))
                .contains("Which verb? One of build, run, backfill, retry, seal, count follows");
        assertThat(said(2, "demo")).contains("demo");
        assertThat(said(2, "--conf", "novalue", "build")).contains("novalue");
        assertThat(said(0, "build", "--help")).contains("Usage: granary submit build");
    }

    private static int submit(String... args) {
        return Commands.run(
                SubmitCommand.withVerbs(new SubmitCommand(), new SparkApplication(profile -> WAREHOUSE.spark())), args);
    }

    private static String said(int code, String... args) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            assertThat(submit(args)).isEqualTo(code);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
