package io.granary.ingestion.sync.datax;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An installed DataX.
 *
 * @param root folder that has {@code lib} and {@code plugin}
 * @param java command that runs it; DataX itself is made for Java 8, and runs on 17 with the options given here
 * @param silence how long it may say nothing before it is taken for dead; it reports every few seconds
 */
public record DataxHome(Path root, Path java, Duration silence) {
    private static final Duration SILENCE = Duration.ofMinutes(10);

    public DataxHome {
        if (!Files.isDirectory(root.resolve("lib")) || !Files.isDirectory(root.resolve("plugin"))) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "DATAX_HOME is " + root
                            + ", which has no folders lib and plugin. Unpack DataX there, or set engine:" + " native.");
        }
    }

    /**
     * The DataX that {@code DATAX_HOME} names, run by the Java of {@code DATAX_JAVA_HOME} or by this process's own.
     *
     * @throws GranaryException when DATAX_HOME is not set or names no DataX
     */
    public static DataxHome of(Map<String, String> environment) {
        String home = environment.get("DATAX_HOME");
        if (home == null || home.isBlank()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "engine datax needs an installed DataX: set DATAX_HOME to its folder, or set engine: native");
        }
        String java = environment.getOrDefault("DATAX_JAVA_HOME", System.getProperty("java.home"));
        return new DataxHome(Path.of(home).toAbsolutePath(), Path.of(java, "bin", "java"), SILENCE);
    }

    /** The command that runs a job file. No secret is in it. */
    List<String> command(Path job) {
        return List.of(
                java.toString(),
                // Java 8 does not know the next but one
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-Xmx1g",
                // its ORC writer reads fields of java.net.URI
                "--add-opens=java.base/java.net=ALL-UNNAMED",
                "-Dfile.encoding=UTF-8",
                "-Ddatax.home=" + root,
                "-Dlogback.configurationFile=" + root.resolve("conf/logback.xml"),
                "-Dlog.file.name=" + job.getFileName(),
                "-classpath",
                root.resolve("lib") + "/*:.",
                "com.alibaba.datax.core.Engine",
                "-mode",
                "standalone",
                "-jobid",
                "-1",
                "-job",
                job.toString());
    }
}
