package io.granary.batch.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.project.ProjectLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each folder under src/test/projects is laid over the loader's base project; its problems.txt holds what compile must
 * say, nothing when the project is sound.
 */
class CompilerProblemsTest {
    private static final Path BASE = Path.of("..", "warehouse-sql", "src", "test", "projects", "base");

    @TempDir
    private Path temp;

    @TestFactory
    Stream<DynamicTest> saysWhatIsWrong() throws IOException {
        try (Stream<Path> cases = Files.list(Path.of("src", "test", "projects"))) {
            return cases.sorted().toList().stream()
                    .map(folder -> DynamicTest.dynamicTest(
                            folder.getFileName().toString(),
                            () -> assertThat(problems(folder))
                                    .containsExactlyElementsOf(Files.readAllLines(folder.resolve("problems.txt")))));
        }
    }

    private List<String> problems(Path folder) throws IOException {
        Path project = temp.resolve(folder.getFileName());
        copy(BASE, project);
        copy(folder, project);
        GranaryException e = catchThrowableOfType(
                GranaryException.class, () -> new Compiler(Clock.systemUTC()).compile(ProjectLoader.read(project)));
        if (e == null) {
            return List.of();
        }
        assertThat(e.code()).isEqualTo(ErrorCode.DEFINITION);
        return e.getMessage().lines().skip(1).map(String::strip).toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
