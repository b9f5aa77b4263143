package io.granary.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.scheduler.Workflow.Task;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Edge;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkflowCompilerTest {
    /** Two subjects; trade's DWD reads a DIM of users, traffic's DWS reads trade's DIM. */
    private static final Manifest TWO_SUBJECTS = ManifestText.of(
            "log.traffic.access_log -> dwd.traffic.hit",
            "log.ads.ad_event -> dwd.ads.click",
            "jdbc.trade.user -> dim.trade.user",
            "jdbc.trade.order -> dwd.trade.order",
            "dim.trade.user -> dwd.trade.order",
            "dwd.traffic.hit -> dws.traffic.site",
            "dim.trade.user -> dws.traffic.site",
            "dws.traffic.site -> ads.traffic.overview",
            "dwd.traffic.hit -> ads.traffic.overview",
            "ads.traffic.overview -> export.traffic.overview",
            "export.traffic.overview -> report.traffic.overview");

    @Test
    void readsAndWritesTheContract() throws IOException {
        Workflow workflow = Workflow.fromJson(ManifestText.contract("workflow"), "contracts.md");

        assertThat(workflow.tasks()).hasSize(4);
        assertThat(workflow.tasks().get(2).after()).containsExactly("seal.traffic.access_log");
        assertThat(Workflow.fromJson(workflow.toJson(), "copy")).isEqualTo(workflow);
    }

    @Test
    void compilesTheContractsManifestAsTheContractSays() throws IOException {
        Workflow contract = Workflow.fromJson(ManifestText.contract("workflow"), "contracts.md");
        Workflow compiled =
                WorkflowCompiler.compile(Manifest.fromJson(ManifestText.contract("manifest"), "contracts.md"));

        assertThat(compiled.name()).isEqualTo(contract.name());
        assertThat(compiled.schedule()).isEqualTo(contract.schedule());
        // the example has no subject trade and no edge to its export, so these differ
        assertThat(compiled.tasks())
                .contains(contract.tasks().get(0), contract.tasks().get(2));
    }

    @Test
    void makesOneTaskForALayerOfASubject() {
        Workflow workflow = WorkflowCompiler.compile(TWO_SUBJECTS);

        assertThat(workflow.tasks().stream().map(t -> t.name() + " " + t.after()))
                .containsExactly(
                        "seal.traffic.access_log []",
                        "seal.ads.ad_event []",
                        "sync.trade []",
                        "build.trade.dim [sync.trade]",
                        "build.traffic.dwd [seal.traffic.access_log]",
                        "build.ads.dwd [seal.ads.ad_event]",
                        "build.trade.dwd [build.trade.dim]",
                        "build.traffic.dws [build.trade.dim, build.traffic.dwd]",
                        "build.traffic.ads [build.traffic.dws]",
                        "export.traffic [build.traffic.ads]");
        assertThat(workflow.tasks().get(2).command())
                .containsExactly("granary", "sync", "--select", "subject:trade", "--ds", "${ds}");
        assertThat(workflow.tasks().get(7).command())
                .containsExactly("granary", "build", "--select", "subject:traffic,layer:dws", "--ds", "${ds}");
        assertThat(workflow.tasks().get(9).command())
                .containsExactly("granary", "export", "--select", "subject:traffic", "--ds", "${ds}");
    }

    @Test
    void leavesOutEdgesThatALongerWaySays() {
        Workflow workflow = WorkflowCompiler.compile(ManifestText.of(
                "log.a.x -> dwd.a.x",
                "log.a.x -> dws.a.x",
                "log.a.x -> ads.a.x",
                "dwd.a.x -> dws.a.x",
                "dwd.a.x -> ads.a.x",
                "dws.a.x -> ads.a.x"));

        assertThat(workflow.tasks().stream().map(Task::after))
                .containsExactly(List.of(), List.of("seal.a.x"), List.of("build.a.dwd"), List.of("build.a.dws"));
    }

    @Test
    void isTheSameForTheSameManifest() {
        assertThat(WorkflowCompiler.compile(TWO_SUBJECTS).toJson())
                .isEqualTo(WorkflowCompiler.compile(TWO_SUBJECTS).toJson());
    }

    @Test
    void namesACycleBetweenLayers() {
        Manifest manifest =
                ManifestText.of("log.a.x -> dwd.a.x", "dwd.a.x -> dws.b.x", "dws.b.x -> dwd.a.y", "dwd.a.y -> ads.b.x");

        assertThatThrownBy(() -> WorkflowCompiler.compile(manifest))
                .isInstanceOf(GranaryException.class)
                .hasMessageMatching(".*circle: (build\\.a\\.dwd -> build\\.b\\.dws -> build\\.a\\.dwd"
                        + "|build\\.b\\.dws -> build\\.a\\.dwd -> build\\.b\\.dws)\\..*");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        Manifest good = ManifestText.of("log.a.x -> dwd.a.x");
        Manifest dangling = Manifest.of("test")
                .generatedAt(good.generatedAt())
                .subjects(good.subjects())
                .sources(good.sources())
                .models(good.models())
                .edges(List.of(new Edge("source.a.x", "model.gone")))
                .manifest();

        assertThatThrownBy(() -> WorkflowCompiler.compile(dangling)).hasMessageContaining("'model.gone'");
        assertThatThrownBy(() -> WorkflowCompiler.compile(ManifestText.of("odd.a.x")))
                .hasMessageContaining("layer 'odd' is unknown");
        assertThatThrownBy(() -> Workflow.fromJson("{\"workflow_version\": 7, \"tasks\": []}", "here"))
                .hasMessageContaining("workflow_version 7");
        assertThatThrownBy(() -> Workflow.fromJson(
                        "{\"workflow_version\": 1, \"name\": \"w\", \"tasks\": [{\"name\": \"a\", \"command\": [],"
                                + " \"after\": [\"b\"]}]}",
                        "here"))
                .hasMessageContaining("comes after b");
    }
}
