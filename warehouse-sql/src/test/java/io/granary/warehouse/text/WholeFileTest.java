package io.granary.warehouse.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    Path folder;

    @Test
    void theNewContentTakesThePlaceOfTheFormer() {
        Path file = folder.resolve("made/a.json");
        WholeFile.write(file, "former, longer");
        WholeFile.write(file, "new é");

        assertThat(file).hasContent("new é");
        assertThat(file.getParent()).isDirectoryNotContaining(other -> !other.equals(file));
    }

    @Test
    void aFolderThatCannotBeMadeIsSaid() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "").resolve("a.json");
        assertThatThrownBy(() -> WholeFile.write(file, ""))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("cannot write " + file);
    }
}
