package io.granary.cluster;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** What this machine offers, against what the components need. */
record Machine(int javaVersion, String system, String architecture, long memoryAvailable, long diskFree) {
    private static final long DISK_NEEDED = 2048;

    /** This machine, with the disk that holds the state folder; sizes in MiB. */
    static Machine of(Home home) {
        Path folder = home.root();
        while (!Files.exists(folder)) {
            folder = folder.getParent();
        }
        try {
            return new Machine(
                    Runtime.version().feature(),
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"),
                    Proc.memoryAvailable(),
                    Files.getFileStore(folder).getUsableSpace() >> 20);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot look at the disk of " + folder + ": " + e, e);
        }
    }

    /**
     * Refuses a start that cannot work, and warns of one that may be slow.
     *
     * @param components what is to be started
     */
    void require(Set<Component> components, Home home, Progress progress) {
        if (javaVersion < 17) {
            throw new GranaryException(
                    ErrorCode.RESOURCES,
                    "this is Java " + javaVersion + ", Granary needs 17 or newer. On Debian: apt-get install"
                            + " openjdk-17-jdk-headless; then set JAVA_HOME or PATH to it.");
        }
        if (!system.equals("Linux") || !architecture.equals("amd64")) {
            throw new GranaryException(
                    ErrorCode.RESOURCES,
                    "the local cluster runs on Linux x86-64, this is " + system + " " + architecture
                            + ". Point Granary at running stores with --profile instead.");
        }
        if (diskFree < DISK_NEEDED) {
            throw new GranaryException(
                    ErrorCode.RESOURCES,
                    "the disk of " + home.root() + " has " + diskFree + " MiB free, the cluster needs " + DISK_NEEDED
                            + ". Free some space, or name a folder on another disk with --home.");
        }
        int needed = components.stream().mapToInt(Component::memory).sum();
        if (memoryAvailable < needed * 3L / 4) {
            throw new GranaryException(
                    ErrorCode.RESOURCES,
                    "this machine has " + memoryAvailable + " MiB of memory available, "
                            + components.stream().map(Component::id).collect(Collectors.joining(", ")) + " need about "
                            + needed + ". End other programs, or start fewer components with --only.");
        }
        if (memoryAvailable < needed) {
            progress.say("only " + memoryAvailable + " MiB of memory available, about " + needed
                    + " are needed: this may be slow");
        }
    }
}
