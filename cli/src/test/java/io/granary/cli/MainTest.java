package io.granary.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private static final Path FILES = Path.of("src/main/dist-files");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void helpListsEveryVerb() {
        assertThat(run()).isZero();
        Verbs.read(FILES.resolve("conf/verbs"))
                .all()
                .forEach(
                        verb -> assertThat(out.toString(StandardCharsets.UTF_8)).contains(verb.name(), verb.help()));
    }

    @ParameterizedTest
    @CsvSource({"statsu,status", "comile,compile", "hlep,help", "agnet,agent", "versoin,version"})
    void anUnknownVerbGetsASuggestion(String typed, String meant) {
        assertThat(run(typed)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("no verb '" + typed + "'; did you mean '" + meant + "'?");
        assertThat(out.size()).isZero();
    }

    @Test
    void aWordLikeNoVerbGetsNone() {
        assertThat(run("xyzzy")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("did you mean");
    }

    @Test
    void aLineOfTheVerbsFileThatIsNotOneIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("verbs"), "# comment\nup | local | Main\n");

        assertThatThrownBy(() -> Verbs.read(file))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining(file + ":2:");
    }

    private int run(String... args) {
        return new Main(
                        FILES,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(List.of(args));
    }
}
