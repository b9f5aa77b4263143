package io.granary.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.scheduler.Workflow.Task;
import io.granary.scheduler.WorkflowResults.TaskResult;
import io.granary.warehouse.command.VerbProgram;
import io.granary.warehouse.config.Home;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: the launcher is a small shell script that notes when each task begins and ends. */
@Timeout(180)
class LocalRunnerTest {
    private static final LocalDate DS = LocalDate.parse("2026-11-01");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @Test
    void runsTasksInOrderWithTheirArguments() throws Exception {
        WorkflowResults results = run(
                2,
                task("a", "note"),
                task("b", "note", "a"),
                new Task("c", List.of("granary", "note", "c", "--ds", "${ds}"), List.of("b")));

        assertThat(results.isSuccess()).isTrue();
        assertThat(notes()).containsExactly("begin a", "end a", "begin b", "end b", "begin c", "end c");
        Path log = folder.resolve("logs/tasks/daily/2026-11-01/c.log");
        assertThat(log).content().startsWith("args: note c --ds 2026-11-01 --home /h --profile /p");
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .containsPattern("(?m)^\\[1/3] a      OK       \\d+\\.\\d s$")
                .containsPattern("(?m)^\\[3/3] c      OK ");
        JsonNode written = new ObjectMapper()
                .readTree(folder.resolve("target/workflow-results.json").toFile());
        assertThat(written.path("ds").asText()).isEqualTo("2026-11-01");
        assertThat(written.path("results").get(2).path("task").asText()).isEqualTo("c");
        assertThat(written.path("results").get(2).path("status").asText()).isEqualTo("success");
        assertThat(written.path("results").get(2).path("exit_code").intValue()).isZero();
        assertThat(written.path("results").get(2).path("log").asText()).isEqualTo(log.toString());
    }

    @Test
    void runsIndependentTasksSideBySideUpToTheLimit() throws Exception {
        // "meet" ends only when two tasks have begun, so this cannot pass one after the other
        assertThat(run(2, task("a", "meet"), task("b", "meet")).isSuccess()).isTrue();

        Files.delete(folder.resolve("notes"));
        run(1, task("a", "note"), task("b", "note"), task("c", "note"));
        assertThat(notes()).containsExactly("begin a", "end a", "begin b", "end b", "begin c", "end c");
    }

    @Test
    void aFailureBlocksOnlyWhatComesAfterIt() throws Exception {
        WorkflowResults results = run(
                1,
                task("bad", "fail"),
                task("after", "note", "bad"),
                task("other", "note"),
                task("later", "note", "after", "other"),
                task("fine", "note", "other"));

        assertThat(results.results().stream().map(r -> r.task() + " " + r.status() + " " + r.exitCode()))
                .containsExactly(
                        "bad error 3", "after skipped null", "other success 0", "later skipped null", "fine success 0");
        assertThat(results.isSuccess()).isFalse();
        assertThat(notes()).containsExactly("begin other", "end other", "begin fine", "end fine");
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains("bad    ERROR")
                .contains("    | line 30 of trouble")
                .doesNotContain("line 5 of trouble")
                .contains("after  SKIPPED  bad did not succeed")
                .contains("later  SKIPPED  after did not succeed");
    }

    @Test
    void stopEndsChildrenAndTheirChildren() throws Exception {
        LocalRunner runner = runner(2, task("a", "hang"), task("b", "note", "a"));
        Thread stopper = new Thread(() -> {
            awaitFile(folder.resolve("child"));
            runner.stop();
        });
        stopper.start();
        WorkflowResults results = runner.run(DS);
        stopper.join();

        assertThat(results.results().stream().map(TaskResult::status)).containsExactly("error", "skipped");
        assertThat(results.results().get(0).message()).isEqualTo("stopped");
        assertGone(folder.resolve("child"));
    }

    @Test
    void sigtermStopsTheCommandItsChildrenAndExitsWithOne() throws Exception {
        launcher();
        Files.createDirectories(folder.resolve("target"));
        ManifestText.of("log.a.hang -> dwd.a.x").write(folder.resolve("target/manifest.json"));
        Process command = command("run", "--ds", "2026-11-01");
        awaitFile(folder.resolve("child"));

        command.destroy();

        assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(command.exitValue()).isEqualTo(1);
        assertGone(folder.resolve("child"));
        assertThat(folder.resolve("target/workflow-results.json")).content().contains("\"stopped\"");
    }

    @Test
    void theCommandShowsAndRunsWhatTheManifestSays() throws Exception {
        launcher();
        Files.createDirectories(folder.resolve("target"));
        ManifestText.of("log.a.x -> dwd.a.x").write(folder.resolve("target/manifest.json"));

        Process show = command("show");
        String printed = new String(show.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(show.waitFor()).isZero();
        assertThat(Workflow.fromJson(printed, "stdout").tasks()).hasSize(2);

        Process dolphin = command("show", "--as", "dolphinscheduler");
        JsonNode definition = new ObjectMapper().readTree(dolphin.getInputStream());
        assertThat(dolphin.waitFor()).isZero();
        assertThat(definition.path("taskDefinitionJson")).hasSize(2);

        assertThat(command("run", "--ds", "2026-11-01").waitFor()).isZero();
        assertThat(command("run", "--ds", "yesterday").waitFor()).isEqualTo(2);
        assertThat(command("run", "--ds", "2026-11-01", "--parallel", "0").waitFor())
                .isEqualTo(2);
        assertThat(command().waitFor()).isEqualTo(2);
        Files.delete(folder.resolve("target/manifest.json"));
        assertThat(command("run", "--ds", "2026-11-01").waitFor()).isEqualTo(1);
    }

    private WorkflowResults run(int parallel, Task... tasks) throws Exception {
        return runner(parallel, tasks).run(DS);
    }

    private LocalRunner runner(int parallel, Task... tasks) throws IOException {
        return new LocalRunner(
                new Workflow(1, "daily", "0 2 * * *", "UTC", List.of(tasks)),
                new TaskLauncher(new VerbProgram(launcher(), List.of("--home", "/h", "--profile", "/p"))),
                new Home(folder),
                parallel,
                new Progress(new PrintStream(shown, true, StandardCharsets.UTF_8), 5),
                Clock.systemUTC());
    }

    private static Task task(String name, String does, String... after) {
        return new Task(name, List.of("granary", does, name), List.of(after));
    }

    /** {@code hang} is also what sealing a source of that name does. */
    private Path launcher() throws IOException {
        Path program = folder.resolve("bin/granary");
        Files.createDirectories(program.getParent());
        Files.writeString(program, """
                #!/bin/sh
                cd "%s"
                echo "args: $*"
                case "$1 $2" in
                  note*) echo "begin $2" >> notes; sleep 0.2; echo "end $2" >> notes ;;
                  meet*) echo "begin $2" >> notes
                         for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
                           [ "$(wc -l < notes)" -ge 2 ] && exit 0; sleep 0.2; done; exit 1 ;;
                  fail*) i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo "line $i of trouble"; done; exit 3 ;;
                  hang*|*a.hang*) sleep 100 & echo $! > child.part; mv child.part child; wait ;;
                esac
                """.formatted(folder));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program;
    }

    private Process command(String... args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                WorkflowCommand.class.getName());
        builder.command().addAll(List.of(args));
        builder.environment().put("GRANARY_DIST", folder.toString());
        builder.environment().put("GRANARY_HOME", folder.toString());
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private List<String> notes() throws IOException {
        return Files.readAllLines(folder.resolve("notes"));
    }

    private static void awaitFile(Path file) {
        while (!Files.exists(file)) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void assertGone(Path pidFile) throws Exception {
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        for (int i = 0; i < 100 && ProcessHandle.of(pid).isPresent(); i++) {
            Thread.sleep(50);
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }
}
