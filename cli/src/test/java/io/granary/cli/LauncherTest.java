package io.granary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a small distribution, with a Java that only prints what it was called with. */
class LauncherTest {
    @TempDir
    Path folder;

    private Path dist;
    private Path java;

    @BeforeEach
    void prepare() throws IOException {
        dist = folder.resolve("the dist");
        copy("bin/granary");
        copy("conf/verbs");
        copy("conf/jvm/batch-jobs");
        dist.resolve("bin/granary").toFile().setExecutable(true);
        group("batch-jobs", "lib/batch-jobs/a.jar");
        group("spark", "lib/spark/b.jar:lib/spark/c.jar");
        group("cli", "");
        java("17.0.1");
    }

    @Test
    void aVerbRunsWithItsClassPathAndWithoutItsName() throws Exception {
        Run run = run(Map.of("GRANARY_OPTS", "-Da=1 -Db=2"), "sql", "-e", "SELECT 'x  y'");

        assertThat(run.lines)
                .containsSubsequence(
                        "-Xlog:disable", // or the JVM's warnings stand among the data
                        "-Xlog:all=error:stderr",
                        "@" + dist + "/conf/jvm/batch-jobs",
                        "-Da=1",
                        "-Db=2",
                        "-cp",
                        String.join(
                                ":",
                                dist + "/lib/batch-jobs/granary-batch-jobs.jar",
                                dist + "/lib/batch-jobs/a.jar",
                                dist + "/lib/spark/granary-spark.jar",
                                dist + "/lib/spark/b.jar",
                                dist + "/lib/spark/c.jar"),
                        "io.granary.batch.sql.SqlCommand",
                        "-e",
                        "SELECT 'x  y'");
        assertThat(run.lines).contains("GRANARY_DIST=" + dist).doesNotContain("sql");
        assertThat(run.code).isEqualTo(7);
    }

    @Test
    void helpOfAVerbIsAskedFromTheVerb() throws Exception {
        assertThat(run(Map.of(), "help", "sql").lines).containsSubsequence("io.granary.batch.sql.SqlCommand", "--help");
    }

    @Test
    void whatIsNoVerbGoesToTheMainOfAllVerbs() throws Exception {
        assertThat(run(Map.of(), "statsu").lines).containsSubsequence("io.granary.cli.Main", "statsu");
        assertThat(run(Map.of()).lines).contains("io.granary.cli.Main");
    }

    @Test
    void anOldJavaIsRefusedWithThePackageToInstall() throws Exception {
        java("1.8.0_402");
        Run run = run(Map.of(), "status");

        assertThat(run.code).isEqualTo(2);
        assertThat(run.lines).singleElement().asString().contains("is Java 8", "openjdk-17-jdk-headless");
    }

    @Test
    void aMissingJavaIsRefused() throws Exception {
        Run run = run(Map.of("JAVA_HOME", folder.resolve("nowhere").toString()), "status");

        assertThat(run.code).isEqualTo(2);
        assertThat(run.lines).singleElement().asString().contains("JAVA_HOME is " + folder.resolve("nowhere"));
    }

    @Test
    void anIncompleteDistributionIsNamed() throws Exception {
        Run run = run(Map.of(), "workflow");

        assertThat(run.code).isEqualTo(2);
        assertThat(run.lines).first().asString().contains("no lib/scheduler");
    }

    private record Run(int code, List<String> lines) {}

    private Run run(Map<String, String> environment, String... args) throws Exception {
        Path link = folder.resolve("granary link");
        if (!Files.exists(link)) {
            Files.createSymbolicLink(link, dist.resolve("bin/granary"));
        }
        List<String> command = new ArrayList<>(List.of(link.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), text.lines().toList());
    }

    private void java(String version) throws IOException {
        java = folder.resolve("jdk " + version);
        Path binary = java.resolve("bin/java");
        Files.createDirectories(binary.getParent());
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(
                binary,
                "#!/bin/sh\nfor a in \"$@\"; do echo \"$a\"; done\necho \"GRANARY_DIST=$GRANARY_DIST\"\nexit 7\n");
        binary.toFile().setExecutable(true);
    }

    private void group(String name, String classPath) throws IOException {
        Path file = dist.resolve("lib/" + name + "/class-path");
        Files.createDirectories(file.getParent());
        Files.writeString(file, classPath);
    }

    private void copy(String file) throws IOException {
        Files.createDirectories(dist.resolve(file).getParent());
        Files.copy(Path.of("src/main/dist-files", file), dist.resolve(file));
    }
}
