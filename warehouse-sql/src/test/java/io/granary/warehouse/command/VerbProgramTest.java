package io.granary.warehouse.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerbProgramTest {
    @TempDir
    Path folder;

    @Test
    void aVerbIsGivenTheOptionsAndNoInput() throws Exception {
        Path script = Files.writeString(folder.resolve("granary"), "#!/bin/sh\necho \"$@\"; cat\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();

        ProcessBuilder verb = new VerbProgram(script, List.of("--home", "a b")).process(List.of("seal", "t.s"));

        assertThat(verb.environment()).doesNotContainKey("GRANARY_ENV");
        Process process = verb.start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("seal t.s --home a b\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aProgramThatIsNotThereIsSaid() {
        Path nowhere = folder.resolve("bin/granary");
        assertThatThrownBy(() -> new VerbProgram(nowhere, List.of()))
                .hasMessageContaining("no launcher at " + nowhere)
                .hasMessageContaining("GRANARY_DIST");
    }
}
