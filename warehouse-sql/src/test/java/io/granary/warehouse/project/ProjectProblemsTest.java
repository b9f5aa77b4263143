package io.granary.warehouse.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each folder under src/test/projects is a broken project; its problems.txt holds what the loader must say. */
class ProjectProblemsTest {
    @TempDir
    private Path temp;

    @TestFactory
    Stream<DynamicTest> saysWhatIsWrong() throws IOException {
        return ProjectCases.all().stream().map(folder -> {
            String name = folder.getFileName().toString();
            return DynamicTest.dynamicTest(name, () -> {
                LoadedProject project = ProjectLoader.read(ProjectCases.lay(folder, temp.resolve(name)));
                List<String> said =
                        project.problems().stream().map(Problem::toString).toList();
                assertThat(said).containsExactlyElementsOf(Files.readAllLines(folder.resolve("problems.txt")));
            });
        });
    }

    @Test
    void theBaseOfTheCasesIsSound() {
        LoadedProject project = ProjectLoader.load(ProjectCases.folder("base"));

        assertThat(project.problems()).isEmpty();
        assertThat(project.sources())
                .extracting(SourceDefinition::table)
                .containsExactly("ods.ods_shop_order_df", "ods.ods_shop_web_hi");
        assertThat(project.models())
                .extracting(ModelDefinition::table)
                .containsExactlyInAnyOrder("dwd.dwd_shop_hit_di", "ads.ads_shop_overview");
    }

    @Test
    void loadThrowsAllProblemsInOneMessage() throws IOException {
        Path project = ProjectCases.lay(ProjectCases.folder("unknown-key"), temp.resolve("p"));

        assertThatThrownBy(() -> ProjectLoader.load(project))
                .isInstanceOfSatisfying(
                        GranaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEFINITION))
                .hasMessageStartingWith("3 problems in project " + project)
                .hasMessageContaining("\n  subjects/shop/subject.yaml:6:1  unknown key 'alertgroup'  Did you mean");
    }

    @Test
    void aFolderWithoutSubjectsIsNoProject() {
        assertThatThrownBy(() -> ProjectLoader.load(temp))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("no folder 'subjects'")
                .hasMessageContaining("--project");
    }
}
