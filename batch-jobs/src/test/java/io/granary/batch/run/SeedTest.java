package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seed is built as any model is: when it is missing or its file was changed. */
class SeedTest {
    @TempDir
    private Path folder;

    private Scene scene;

    @BeforeEach
    void project() throws IOException {
        scene = new Scene(folder.resolve("home"));
        Files.createDirectories(scene.home);
        write("subject.yaml", """
                name: seeding
                owner: team
                description: Seeds.
                cadence: daily
                time_zone: UTC
                alert_group: team
                """);
        write("seeds/country.csv", """
                code,country,since,rate,note
                cn,China,1949-10-01,1.50,"says ""hello"", and it's \\ fine"
                de,Germany,1949-05-23,2,
                xx,,,,""
                """);
        write(
                "models/dim/dim_country_df.sql",
                "SELECT code, rate FROM dim.seed_seeding_country WHERE since IS NOT NULL\n");
        write("models/dim/dim_country_df.yaml", """
                description: Countries.
                owner: team
                grain: one row per code
                unique: [code]
                materialization: full
                columns:
                  - {name: code, description: Code.}
                  - {name: rate, description: Rate.}
                """);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void isMadeFirstAndAgainWhenItsFileChanges() throws IOException {
        assertThat(plan())
                .containsExactly("1 seed_seeding_country (whole) missing", "2 dim_country_df (whole) missing");
        assertThat(build().code()).isZero();
        assertThat(scene.session
                        .query("SELECT * FROM dim.seed_seeding_country ORDER BY code")
                        .rows()
                        .toString())
                .isEqualTo("[[cn, China, 1949-10-01, 1.50, says \"hello\", and it's \\ fine],"
                        + " [de, Germany, 1949-05-23, 2.00, null], [xx, null, null, null, ]]");
        assertThat(scene.session
                        .query("SELECT code, rate FROM dim.dim_country_df ORDER BY code")
                        .rows()
                        .toString())
                .isEqualTo("[[cn, 1.50], [de, 2.00]]");
        assertThat(plan()).isEmpty();

        write("seeds/country.csv", "code,country,since,rate,note\nfr,France,1958-10-04,3.25,no\n");
        assertThat(plan())
                .containsExactly(
                        "1 seed_seeding_country (whole) definition changed",
                        "2 dim_country_df (whole) input is built: dim.seed_seeding_country (whole)");
        assertThat(build().code()).isZero();
        assertThat(scene.session
                        .query("SELECT code, rate FROM dim.dim_country_df")
                        .rows()
                        .toString())
                .isEqualTo("[[fr, 3.25]]");
    }

    @Test
    void ofNoRowsIsAnEmptyTable() throws IOException {
        write("seeds/country.yaml", """
                columns:
                  - {name: code, type: string, description: Code.}
                  - {name: country, type: string, description: Name.}
                  - {name: since, type: date, description: Founded.}
                  - {name: rate, type: "decimal(3,2)", description: Rate.}
                  - {name: note, type: string, description: Note.}
                """);
        write("seeds/country.csv", "code,country,since,rate,note\n");
        assertThat(build("--full-refresh").code()).isZero();
        assertThat(scene.session
                        .query("SELECT count(*) FROM dim.seed_seeding_country")
                        .single())
                .isZero();
    }

    private List<String> plan() {
        return scene.run(
                        new PlanCommand(),
                        "--ds",
                        "2026-11-01",
                        "--project",
                        folder.resolve("project").toString())
                .lines();
    }

    private Scene.Outcome build(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "--ds", "2026-11-01", "--project", folder.resolve("project").toString()));
        all.addAll(Arrays.asList(more));
        return scene.run(new BuildCommand(), all.toArray(String[]::new));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve("project/subjects/seeding").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
