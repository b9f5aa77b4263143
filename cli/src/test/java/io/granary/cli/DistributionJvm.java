package io.granary.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM with the class path of a group of the distribution, and a main class of the tests. */
final class DistributionJvm {
    private DistributionJvm() {}

    /**
     * What it prints.
     *
     * @param group such as {@code spark}
     * @throws IllegalStateException when it ends with another exit code than 0
     */
    static List<String> lines(Path dist, String group, Class<?> main, List<String> arguments) throws Exception {
        String jars =
                Files.readString(dist.resolve("lib/" + group + "/class-path")).strip();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlog4j2.configurationFile=" + dist.resolve("conf/log4j2.properties"),
                "-cp",
                String.join(
                        ":",
                        Path.of("target/test-classes").toAbsolutePath().toString(),
                        dist + "/lib/" + group + "/granary-" + group + ".jar",
                        dist + "/" + jars.replace(":", ":" + dist + "/")),
                main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException(main.getSimpleName() + " ended with exit code " + code);
        }
        return lines;
    }
}
