package io.granary.cluster;

import io.granary.warehouse.config.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The archive of the classes that verbs such as {@code build} need: with it they take half the processor time. Made by a
 * rehearsal of these verbs while the stores still run. The launcher knows it by its name.
 */
final class VerbArchive {
    /** What the rehearsal asks. */
    static final Set<Component> NEEDS = Set.of(Component.HDFS, Component.METASTORE, Component.THRIFTSERVER);

    private static final List<String> GROUPS = List.of("batch-jobs", "spark");
    private static final int PATIENCE_S = 120;

    private final Home home;
    private final Distribution distribution;
    private final Path project;
    private final Path archive;

    VerbArchive(Home home, Distribution distribution, Path project) {
        this.home = home;
        this.distribution = distribution;
        this.project = project;
        this.archive = distribution.root().resolve("cds/verb-" + String.join("-", GROUPS) + ".jsa");
    }

    /** Makes it anew. Without it everything works as well, only slower. */
    void record() {
        LogFile log = new LogFile(home.log("class-archive"));
        Path part = archive.resolveSibling(archive.getFileName() + ".part");
        try {
            log.begin("== granary archives the classes of its verbs");
            Files.createDirectories(archive.getParent());
            Files.deleteIfExists(part);
            Process process = start(part, log);
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            } else if (process.exitValue() == 0 && Files.exists(part)) {
                Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.deleteIfExists(part);
        } catch (IOException e) {
            log.begin("== granary cannot keep the class archive: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it is there and as new as the jars. */
    boolean isUpToDate() {
        try {
            if (!Files.exists(archive)) {
                return false;
            }
            FileTime made = Files.getLastModifiedTime(archive);
            for (String jar : distribution.classPath(GROUPS).split(":")) {
                if (Files.getLastModifiedTime(Path.of(jar)).compareTo(made) > 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Process start(Path part, LogFile log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(distribution.flags(GROUPS));
        command.add("-XX:ArchiveClassesAtExit=" + part);
        command.addAll(List.of("-cp", distribution.classPath(GROUPS), "io.granary.batch.Rehearsal"));
        command.addAll(List.of(
                "--home",
                home.root().toString(),
                "--project",
                project.toAbsolutePath().toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.path().toFile()));
        builder.environment().put("GRANARY_DIST", distribution.root().toString());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return builder.start();
    }
}
