package io.granary.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.granary.warehouse.config.Home;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whether this machine can run Granary: Java, memory, disk, ports, the state folder. */
record Machine(Home home) {
    private static final long GB = 1L << 30;
    /** What the local cluster takes, measured, and room to work. */
    private static final double MEMORY_GB = 4;

    private static final double DISK_GB = 5;

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(java(Runtime.version().feature(), System.getProperty("java.home")));
        findings.add(memory());
        findings.add(disk());
        findings.add(state());
        findings.add(ports());
        return findings;
    }

    static Finding java(int version, String folder) {
        if (version < 17) {
            return Finding.wrong(
                    "java",
                    "Java " + version + " in " + folder + ", Granary needs 17 or newer",
                    "apt-get install openjdk-17-jdk-headless, and set JAVA_HOME to it");
        }
        if (!Files.isRegularFile(Path.of(folder, "bin", "javac"))) {
            return Finding.warn(
                    "java",
                    "Java " + version + " in " + folder + ", without a compiler",
                    "only building Granary itself needs one: apt-get install openjdk-17-jdk-headless");
        }
        return Finding.ok("java", "Java " + version + " in " + folder);
    }

    private static Finding memory() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)) {
            return Finding.unknown("memory", "this Java does not tell", "");
        }
        return memory(system.getTotalMemorySize() / (double) GB, available(system) / (double) GB);
    }

    /** Linux gives back what it caches; the free memory alone would be far too little. */
    private static long available(OperatingSystemMXBean system) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException e) {
            return system.getFreeMemorySize();
        }
        return system.getFreeMemorySize();
    }

    static Finding memory(double total, double available) {
        String detail = String.format(Locale.ROOT, "%.1f GB, %.1f GB of it available", total, available);
        if (total < MEMORY_GB) {
            return Finding.wrong(
                    "memory",
                    detail,
                    "the local cluster needs 4 GB: use a larger machine, or the stores of a real cluster");
        }
        if (available < MEMORY_GB) {
            return Finding.warn("memory", detail, "end what you do not need; the local cluster takes about 2.5 GB");
        }
        return Finding.ok("memory", detail);
    }

    private Finding disk() {
        Path folder = existing();
        try {
            double free = Files.getFileStore(folder).getUsableSpace() / (double) GB;
            String detail = String.format(Locale.ROOT, "%.1f GB free at %s", free, folder);
            return free < DISK_GB
                    ? Finding.warn("disk", detail, "free 5 GB, or name a roomier folder with --home")
                    : Finding.ok("disk", detail);
        } catch (IOException e) {
            return Finding.unknown("disk", e.toString(), "look with df -h " + folder);
        }
    }

    private Path existing() {
        Path folder = home.root();
        while (folder.getParent() != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        return folder;
    }

    private Finding state() {
        Path root = home.root();
        if (!Files.exists(root)) {
            return Files.isWritable(existing())
                    ? Finding.ok("home", root + " is not there yet; the first verb makes it")
                    : Finding.wrong("home", existing() + " cannot be written", "name a writable folder with --home");
        }
        if (!Files.isDirectory(root) || !Files.isWritable(root)) {
            return Finding.wrong("home", root + " cannot be written", "name a writable folder with --home");
        }
        Path version = root.resolve("VERSION");
        try {
            String found = Files.exists(version) ? Files.readString(version).strip() : "";
            if (!found.isEmpty() && !found.equals(Home.LAYOUT_VERSION)) {
                return Finding.wrong(
                        "home",
                        root + " has layout version " + found + ", this Granary needs " + Home.LAYOUT_VERSION,
                        "use another --home, or move this folder away");
            }
        } catch (IOException e) {
            return Finding.wrong("home", "cannot read " + version + ": " + e, "look at its rights");
        }
        return Finding.ok("home", root.toString());
    }

    /** The ports that the local cluster chose: its own when it runs, else free. */
    private Finding ports() {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            if (!Files.isRegularFile(home.cluster())) {
                return Finding.ok("ports", "127.0.0.1 gives free ones, such as " + any.getLocalPort());
            }
        } catch (IOException e) {
            return Finding.wrong(
                    "ports",
                    "no port on 127.0.0.1 can be opened: " + e,
                    "look at the loopback interface: ip addr show lo");
        }
        boolean running = isRunning();
        List<String> taken = new ArrayList<>();
        int count = 0;
        try {
            JsonNode ports =
                    new ObjectMapper().readTree(home.cluster().toFile()).path("ports");
            for (Map.Entry<String, JsonNode> port : (Iterable<Map.Entry<String, JsonNode>>) ports::fields) {
                count++;
                if (!running && answers(port.getValue().asInt())) {
                    taken.add(port.getKey() + " " + port.getValue().asInt());
                }
            }
        } catch (IOException e) {
            return Finding.wrong(
                    "ports", "cannot read " + home.cluster() + ": " + e, "move it away; `granary up` chooses again");
        }
        if (!taken.isEmpty()) {
            return Finding.wrong(
                    "ports",
                    "taken by another process: " + String.join(", ", taken),
                    "end it (ss -ltnp tells who), or choose others: granary up --port NAME=NUMBER");
        }
        return Finding.ok("ports", count + " of the local cluster, " + (running ? "in use by it" : "all free"));
    }

    /** Whether a process file of the local cluster names a process that lives. */
    private boolean isRunning() {
        if (!Files.isDirectory(home.run())) {
            return false;
        }
        try (var files = Files.list(home.run())) {
            return files.filter(f -> f.toString().endsWith(".json")).anyMatch(Machine::lives);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean lives(Path file) {
        try {
            long pid = new ObjectMapper().readTree(file.toFile()).path("pid").asLong(-1);
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 300);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
