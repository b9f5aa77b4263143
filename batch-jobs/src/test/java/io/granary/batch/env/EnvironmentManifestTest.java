package io.granary.batch.env;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.DayRange;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.TestNode;
import io.granary.warehouse.select.Selector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnvironmentManifestTest {
    private static ModelNode model(String table, String materialization, List<TestNode> tests, String... inputs) {
        String name = table.replaceFirst(".*\\.", "");
        return ModelNode.of("test", table.replaceFirst("\\..*", ""), name)
                .table(table)
                .sql("SELECT 1 AS n FROM " + String.join(", ", inputs))
                .partition(List.of("ds"))
                .materialization(materialization)
                .access("public")
                .parameters(List.of("ds"))
                .inputs(List.of(inputs))
                .columns(List.of(new ColumnNode("n", "int", false, "")))
                .hash("hash-" + name)
                .tests(tests)
                .lineage(Map.of("n", List.of(inputs[0] + ".n")))
                .reads(Map.of(inputs[0], DayRange.ALL))
                .node();
    }

    private static final List<TestNode> TESTS = List.of(
            new TestNode(
                    "test.c.1",
                    "relationships",
                    List.of("n"),
                    Map.of("to", "dwd.a", "field", "n"),
                    "n IN (SELECT n FROM dwd.a)",
                    "fail"),
            new TestNode("test.c.2", "relationships", List.of("n"), Map.of("to", "a", "field", "n"), null, "fail"),
            new TestNode(
                    "test.c.3",
                    "sql",
                    List.of(),
                    Map.of("file", "t.sql", "sql", "SELECT t.n FROM {this} AS t JOIN dwd.a ON t.n = a.n"),
                    null,
                    "warn"));

    private static final Manifest PROJECT = Manifest.of("test")
            .models(List.of(
                    model("dwd.a", "incremental", List.of(), "ods.s", "dwd.a"),
                    model("dwd.other", "incremental", List.of(), "ods.s"),
                    model("dws.v", "view", List.of(), "dwd.a"),
                    model("ads.c", "full", TESTS, "dws.v", "dwd.other")))
            .manifest();

    private static ModelNode model(String name) {
        return PROJECT.model(name).orElseThrow();
    }

    private static Differences changed(String... names) {
        return new Differences(PROJECT, model -> !Set.of(names).contains(model.name()));
    }

    @Test
    void whatReadsAChangedOneDiffersTooThroughViews() {
        Differences differences = changed("a");
        assertThat(PROJECT.models().stream().filter(differences::contains).map(ModelNode::name))
                .containsExactly("a", "v", "c");
        assertThat(PROJECT.models().stream().filter(changed()::contains)).isEmpty();
        assertThat(PROJECT.models().stream().filter(changed("c")::contains)).containsExactly(model("c"));
    }

    @Test
    void tablesSqlTestsAndLineageAreTheEnvironmentsAndNothingElse() {
        EnvironmentManifest seen = EnvironmentManifest.of(new EnvironmentName("dev"), PROJECT, changed("v")::contains);
        ModelNode view = seen.manifest().model("v").orElseThrow();
        ModelNode last = seen.manifest().model("c").orElseThrow();
        assertThat(view.table()).isEqualTo("dev__dws.v");
        assertThat(view.sql()).isEqualTo("SELECT 1 AS n FROM dwd.a");
        assertThat(last.sql()).isEqualTo("SELECT 1 AS n FROM dev__dws.v, dwd.other");
        assertThat(last.inputs()).containsExactly("dev__dws.v", "dwd.other");
        assertThat(last.lineage()).containsEntry("n", List.of("dev__dws.v.n"));
        assertThat(last.hash()).isEqualTo("hash-c");
        assertThat(last.reads()).containsOnlyKeys("dev__dws.v");
        assertThat(last.tests()).isEqualTo(TESTS);
        assertThat(seen.manifest().model("a")).contains(model("a"));

        ModelNode own = EnvironmentManifest.of(new EnvironmentName("dev"), PROJECT, changed("a")::contains)
                .manifest()
                .model("a")
                .orElseThrow();
        assertThat(own.sql()).isEqualTo("SELECT 1 AS n FROM ods.s, dev__dwd.a");
    }

    @Test
    void testsThatReadAChangedModelReadTheEnvironmentsTable() {
        ModelNode last = EnvironmentManifest.of(new EnvironmentName("dev"), PROJECT, changed("a")::contains)
                .manifest()
                .model("c")
                .orElseThrow();
        assertThat(last.tests().get(0).arguments()).containsEntry("to", "dev__dwd.a");
        assertThat(last.tests().get(0).where()).isEqualTo("n IN (SELECT n FROM dev__dwd.a)");
        assertThat(last.tests().get(1).arguments()).containsEntry("to", "a");
        assertThat(last.tests().get(2).arguments())
                .containsEntry("sql", "SELECT t.n FROM {this} AS t JOIN dev__dwd.a ON t.n = a.n");
    }

    @Test
    void ofWhatIsChosenOnlyWhatDiffersIsBuilt() {
        EnvironmentManifest seen = EnvironmentManifest.of(new EnvironmentName("dev"), PROJECT, changed("v")::contains);
        assertThat(seen.models(Selector.parse("")))
                .extracting(ModelNode::table)
                .containsExactlyInAnyOrder("dev__dws.v", "dev__ads.c");
        assertThat(seen.models(Selector.parse("dws.v dwd.a")))
                .extracting(ModelNode::table)
                .containsExactly("dev__dws.v");
        assertThat(EnvironmentManifest.ofProduction(PROJECT).models(Selector.parse("a")))
                .containsExactly(model("a"));
    }
}
