package io.granary.bench;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** How the processes are started that count a stream. */
final class Peers {
    @Option(
            names = "--peer-flags",
            paramLabel = "FLAGS",
            split = " ",
            description = "More JVM flags for those that count, to look inside them")
    private List<String> flags = List.of();

    @Option(names = "--flink", paramLabel = "DIR", hidden = true)
    private Path flink;

    List<String> flags() {
        return flags;
    }

    /** Folder of Flink's class path; {@code bench/run} fills it in where Flink is a peer. */
    Path flink() {
        return flink;
    }
}
