package io.granary.cluster;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code granary up}. */
@Command(
        name = "granary up",
        mixinStandardHelpOptions = true,
        description = "Starts the local cluster: real components, one process each, on 127.0.0.1.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  granary up",
            "  granary up --only hdfs,metastore,thriftserver",
            "  granary up --port thriftserver=10000 --port serving-api=8080"
        })
public final class UpCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(names = "--only", split = ",", paramLabel = "COMPONENT", description = "Start these, and what they need")
    private List<String> only = List.of();

    @Option(
            names = "--port",
            paramLabel = "COMPONENT=NUMBER",
            description = "Use this port instead of a free one; kept for later starts")
    private Map<String, Integer> ports = Map.of();

    public static void main(String[] args) {
        Commands.main(new UpCommand(), args);
    }

    @Override
    public Integer call() {
        Map<Component, Integer> fixed = new EnumMap<>(Component.class);
        ports.forEach((id, port) -> {
            if (port < 1 || port > 65535) {
                throw new GranaryException(
                        ErrorCode.USAGE, "--port " + id + "=" + port + ": a port is a number from 1 to 65535");
            }
            fixed.put(Component.of(id), port);
        });
        Set<Component> wanted = EnumSet.noneOf(Component.class);
        only.forEach(id -> wanted.add(Component.of(id)));
        LocalCluster cluster = new LocalCluster(
                        common.home(), new Distribution(CommonOptions.distribution()), common.project(), fixed)
                .recordClasses();
        Progress progress = Progress.stderr();
        progress.say("starting the local cluster in " + common.home().root());
        cluster.up(wanted.isEmpty() ? Component.all() : wanted, progress);
        progress.say("up. Addresses: " + common.home().profile() + "; `granary status`, `granary down`");
        return 0;
    }
}
