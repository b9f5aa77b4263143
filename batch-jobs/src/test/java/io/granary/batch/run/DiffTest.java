package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.batch.env.DiffCommand;
import io.granary.warehouse.manifest.ModelNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model here and in production, on a real warehouse. */
class DiffTest {
    private static final String D1 = "2026-11-01";

    @TempDir
    private Path home;

    private Scene scene;

    @BeforeEach
    void open() {
        scene = new Scene(home);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private static ModelNode keyed(ModelNode m, List<String> unique) {
        return m.with().unique(unique).node();
    }

    private static ModelNode model(String name, String value, String where, List<String> unique) {
        return keyed(
                Scene.model(
                        "dws.dws_" + name,
                        "SELECT\n    site,\n    " + value + " AS n,\n    map('n', n) AS m\nFROM ods.ods_" + name
                                + "\nWHERE ds = :ds" + where,
                        "site:string",
                        "n:bigint",
                        "m:map<string,int>"),
                unique);
    }

    private void production(String name, List<String> unique) {
        scene.source("ods.ods_" + name, List.of("ds"), "site:string", "n:int");
        scene.publish("ods.ods_" + name, "ds=" + D1, "('a', 1), ('b', 2), ('c', 3), (NULL, 4)");
        scene.models(model(name, "CAST(n AS BIGINT)", "", unique));
        assertThat(scene.run(new BuildCommand(), "--ds", D1).code()).isZero();
    }

    private Scene.Outcome diff(String name, String... more) {
        List<String> args = new java.util.ArrayList<>(List.of("dws_" + name, "--against", "prod"));
        args.addAll(List.of(more));
        return scene.run(new DiffCommand(), args.toArray(String[]::new));
    }

    @Test
    void definitionAndRowsByKey() throws Exception {
        production("diff", List.of("site"));
        Scene.Outcome same = diff("diff");
        assertThat(same.code()).as(same.err() + same.out()).isZero();
        assertThat(same.out()).contains("definition: same");

        scene.models(model(
                "diff",
                "CAST(CASE WHEN site = 'b' OR site IS NULL THEN n * 10 ELSE n END AS BIGINT)",
                " AND NOT (site <=> 'c')",
                List.of("site")));
        Scene.Outcome definition = diff("diff");
        assertThat(definition.code()).isEqualTo(1);
        assertThat(definition.out())
                .contains("definition: different", "--- prod", "-    CAST(n AS BIGINT) AS n,", "-WHERE ds = :ds")
                .contains("+WHERE ds = :ds AND NOT (site <=> 'c')");

        assertThat(diff("diff", "--env", "dev_x").out()).contains("dev_x__dws.dws_diff is not built");
        assertThat(scene.run(new BuildCommand(), "--ds", D1, "--env", "dev_x").code())
                .isZero();
        Scene.Outcome rows = diff("diff", "--env", "dev_x");
        assertThat(rows.code()).as(rows.err()).isEqualTo(1);
        assertThat(rows.lines())
                .contains("data: different, 2026-11-01, by ds, site", "rows dev_x 3", "rows prod 4", "only prod 1")
                .contains("only dev_x 0", "different 2", "in n 2", "examples, 3 of 3 (prod -> dev_x)")
                .contains("different ds=2026-11-01 site=null n 4 -> 40")
                .contains("different ds=2026-11-01 site=b n 2 -> 20")
                .anyMatch(line -> line.startsWith("only prod ds=2026-11-01 site=c n=3"))
                .noneMatch(line -> line.startsWith("in m"));
        JsonNode json = new ObjectMapper()
                .readTree(diff("diff", "--env", "dev_x", "--ds", D1, "--output", "json")
                        .out());
        assertThat(json.at("/data/columns/n").asLong()).isEqualTo(2);
        assertThat(json.at("/data/examples")).hasSize(3);
        assertThat(json.at("/definition").asText()).isEqualTo("different");
        assertThat(diff("diff", "--env", "dev_x", "--ds", "2026-12-01").lines())
                .contains("data: same, 2026-12-01, by ds, site");
    }

    @Test
    void rowsAsWholesWhereNothingNamesThem() {
        production("wholes", List.of());
        scene.models(model("wholes", "CAST(n % 2 AS BIGINT)", "", List.of()));
        assertThat(scene.run(new BuildCommand(), "--ds", D1, "--env", "dev_w").code())
                .isZero();
        Scene.Outcome rows = diff("wholes", "--env", "dev_w");
        assertThat(rows.code()).as(rows.err()).isEqualTo(1);
        assertThat(rows.lines())
                .contains("data: different, 2026-11-01, rows as wholes", "only dev_w 3", "only prod 3")
                .anyMatch(line -> line.startsWith("only dev_w site=b n=0"));

        // between two environments, and what cannot be asked
        Scene.Outcome back = scene.run(new DiffCommand(), "dws_wholes", "--against", "dev_w");
        assertThat(back.out()).contains("dws_wholes: prod against dev_w", "definition: same", "data: different");
        assertThat(scene.run(new DiffCommand(), "dws_wholes", "--against", "dev_w", "--env", "dev_w")
                        .err())
                .contains("--env and --against are both dev_w");
        assertThat(scene.run(new DiffCommand(), "dws_whole").code()).isEqualTo(2);
        assertThat(diff("wholes", "--ds", D1, "--to", D1).code()).isEqualTo(2);
    }
}
