package io.granary.batch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.simulator.GeneratedProject;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedProjectTest {
    @TempDir
    private Path temp;

    @Test
    void aHundredModelsCompileOnceAndThenNotAgain() throws IOException {
        new GeneratedProject(temp.resolve("p")).write(100);
        Home home = new Home(temp.resolve("home"));

        ManifestFile.Compiled first = ManifestFile.compile(temp.resolve("p"), home);
        ManifestFile.Compiled second = ManifestFile.compile(temp.resolve("p"), home);

        assertThat(first.isNew()).isTrue();
        assertThat(first.manifest().models()).hasSize(100);
        assertThat(second.isNew()).isFalse();
        assertThat(second.manifest().equals(first.manifest())).isTrue();
    }

    @Test
    void aManifestThatWasChangedByHandIsCompiledAgain() throws IOException {
        new GeneratedProject(temp.resolve("p")).write(5);
        Home home = new Home(temp.resolve("home"));
        Manifest first = ManifestFile.compile(temp.resolve("p"), home).manifest();
        Files.writeString(home.manifest(), Files.readString(home.manifest()).replace("visitors", "people"));

        ManifestFile.Compiled second = ManifestFile.compile(temp.resolve("p"), home);

        assertThat(second.isNew()).isTrue();
        assertThat(second.manifest().hash()).isEqualTo(first.hash());
    }

    @Test
    void lineageGoesThroughCtesJoinsWindowsAndAggregates() throws IOException {
        new GeneratedProject(temp.resolve("p")).write(5);

        Manifest manifest = ManifestFile.readOrCompile(temp.resolve("p"), new Home(temp.resolve("home")));

        ModelNode hit = manifest.model("dwd_s0_hit0_di").orElseThrow();
        assertThat(hit.lineage())
                .containsEntry("path", List.of("ods.ods_s0_web_hi.url"))
                .containsEntry(
                        "visitor_id",
                        List.of(
                                "ods.ods_s0_web_hi.client_ip",
                                "ods.ods_s0_web_hi.site",
                                "ods.ods_s0_web_hi.user_agent"));
        assertThat(manifest.model("dwd_s0_view0_di").orElseThrow().lineage())
                .containsEntry("position", List.of("dwd.dwd_s0_hit0_di.event_at", "dwd.dwd_s0_hit0_di.visitor_id"));
        ModelNode site = manifest.model("dws_s0_site0_1d").orElseThrow();
        assertThat(site.lineage())
                .containsEntry("page_views", List.of())
                .containsEntry("visitors", List.of("dwd.dwd_s0_view0_di.visitor_id"))
                .containsEntry("bytes", List.of("dwd.dwd_s0_view0_di.bytes"));
    }
}
