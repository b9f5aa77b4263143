package io.granary.cluster;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** The folder of jars and files that processes are started from (docs/contracts.md, section 1). */
public record Distribution(Path root) {
    public Distribution {
        root = root.toAbsolutePath().normalize();
    }

    /** The launcher, to run a verb as a process of its own. */
    public Path launcher() {
        return root.resolve("bin/granary");
    }

    /** Class path of the groups, the first in front. */
    String classPath(List<String> groups) {
        List<String> jars = new ArrayList<>();
        for (String group : groups) {
            Path list = root.resolve("lib/" + group + "/class-path");
            try {
                jars.add(root.resolve("lib/" + group + "/granary-" + group + ".jar")
                        .toString());
                String text = Files.readString(list).strip();
                for (String jar : text.isEmpty() ? new String[0] : text.split(":")) {
                    jars.add(root.resolve(jar).toString());
                }
            } catch (IOException e) {
                throw new GranaryException(
                        ErrorCode.INTERNAL,
                        "cannot read " + list + ": the distribution is incomplete, build it again",
                        e);
            }
        }
        return String.join(":", jars);
    }

    /** The flags all JVMs of a class path share, and where they log to. */
    List<String> flags(List<String> groups) {
        List<String> flags = new ArrayList<>();
        flags.add("-Xlog:all=error:stderr");
        Path file = root.resolve("conf/jvm/" + groups.get(0));
        if (Files.isRegularFile(file)) {
            flags.add("@" + file);
        }
        flags.add("-Dlog4j2.configurationFile=" + root.resolve("conf/log4j2.properties"));
        flags.add(
                "-Dlog4j.configuration=" + root.resolve("conf/log4j.properties").toUri());
        return flags;
    }

    /**
     * Where the archive of a process's classes is, or would be. The name changes with the jars, so an archive of other
     * jars is never used.
     */
    Path archive(Component component, String classPath) {
        CRC32 sum = new CRC32();
        sum.update(System.getProperty("java.vm.version").getBytes(StandardCharsets.UTF_8));
        for (String jar : classPath.split(":")) {
            Path file = Path.of(jar);
            try {
                String text =
                        jar + Files.size(file) + Files.getLastModifiedTime(file).toMillis();
                sum.update(text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new GranaryException(
                        ErrorCode.INTERNAL,
                        "cannot read " + jar + ": the distribution is incomplete, build it again",
                        e);
            }
        }
        return root.resolve("cds/" + component.id() + "-" + Long.toHexString(sum.getValue()) + ".jsa");
    }
}
