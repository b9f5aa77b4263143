package io.granary.warehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    Path dir;

    @Test
    void makesAFolderAndKnowsItAgain() {
        Home home = new Home(dir.resolve("a/b"));
        home.prepare();
        home.prepare();
        assertThat(dir.resolve("a/b/VERSION")).hasContent("1");
    }

    @Test
    void refusesAnotherVersionAndAForeignFolder() throws Exception {
        Files.writeString(dir.resolve("VERSION"), "7\n");
        assertThatThrownBy(() -> new Home(dir).prepare())
                .hasMessageContaining("layout version 7")
                .hasMessageContaining("--home");
        Path foreign = Files.createDirectories(dir.resolve("foreign"));
        Files.writeString(foreign.resolve("thesis.txt"), "x");
        assertThatThrownBy(() -> new Home(foreign).prepare()).hasMessageContaining("is no Granary state folder");
        assertThat(foreign.resolve("VERSION")).doesNotExist();
    }
}
