package io.granary.batch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompileCommandTest {
    @TempDir
    private Path temp;

    private final StringWriter err = new StringWriter();

    @Test
    void writesTheManifestAndSaysWhatItCompiled() {
        Path home = temp.resolve("home");

        int code = compile(ReferenceWarehouseTest.PROJECT, home);

        assertThat(code).isZero();
        assertThat(Manifest.read(new Home(home).manifest()).models()).hasSize(16);
        assertThat(err.toString()).contains("3 subjects, 8 sources, 16 models, 5 counters, 4 exports, 3 reports");
    }

    @Test
    void aBrokenProjectWritesNothing() throws IOException {
        Path subject = Files.createDirectories(temp.resolve("p/subjects/a")).resolve("subject.yaml");
        Files.writeString(subject, "name: a\n");

        int code = compile(temp.resolve("p"), temp.resolve("home"));

        assertThat(code).isNotZero();
        assertThat(temp.resolve("home")).doesNotExist();
    }

    @Test
    void aChangedProjectIsCompiledAgainWhenItsManifestIsAskedFor() throws IOException {
        Path project = temp.resolve("p");
        Path subject = Files.createDirectories(project.resolve("subjects/a")).resolve("subject.yaml");
        String yaml = "name: a\nowner: %s\ndescription: A.\ncadence: daily\ntime_zone: UTC\nalert_group: a\n";
        Files.writeString(subject, yaml.formatted("first"));
        Home home = new Home(temp.resolve("home"));
        assertThat(ManifestFile.readOrCompile(project, home)
                        .subject("a")
                        .orElseThrow()
                        .owner())
                .isEqualTo("first");

        Files.writeString(subject, yaml.formatted("second"));
        Files.setLastModifiedTime(subject, FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(ManifestFile.readOrCompile(project, home)
                        .subject("a")
                        .orElseThrow()
                        .owner())
                .isEqualTo("second");
    }

    private int compile(Path project, Path home) {
        return new CommandLine(new CompileCommand())
                .setErr(new PrintWriter(err, true))
                .execute("--project", project.toString(), "--home", home.toString());
    }
}
