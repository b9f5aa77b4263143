package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlobTest {
    @TempDir
    private Path folder;

    @Test
    void wildcardsMatchInFoldersAndNames() throws IOException {
        for (String file : new String[] {"a/x.log", "b/x.log", "b/y.log", "b/.hidden.log", "c.log", "b/x.log.gz"}) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.writeString(folder.resolve(file), "");
        }
        assertThat(new Glob(folder + "/*/x.log*").paths().paths())
                .containsExactly(folder.resolve("a/x.log"), folder.resolve("b/x.log"));
        assertThat(new Glob(folder + "/b/{x,y}.log").paths().paths()).hasSize(2);
        assertThat(new Glob(folder + "/b/*").paths().paths()).hasSize(2);
        assertThat(new Glob(folder + "/c.log").paths().paths()).containsExactly(folder.resolve("c.log"));
        assertThat(new Glob(folder + "/none/*.log").paths().paths()).isEmpty();
    }

    @Test
    void aGlobIsAbsolute() {
        assertThatThrownBy(() -> new Glob("logs/*")).hasMessage("glob 'logs/*' is not an absolute path");
    }
}
