package io.granary.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.JsonOption;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code granary status}. */
@Command(
        name = "granary status",
        mixinStandardHelpOptions = true,
        description = "What runs, on which port, since when. Exit code 0 when all components run, else 1.")
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private JsonOption output;

    public static void main(String[] args) {
        Commands.main(new StatusCommand(), args);
    }

    @Override
    public Integer call() {
        List<Status> all = new LocalCluster(
                        common.home(), new Distribution(CommonOptions.distribution()), common.project(), Map.of())
                .status();
        if (output.isJson()) {
            System.out.println(json(all));
        } else {
            table(all, System.out);
            StreamLag.of(all).forEach(System.out::println);
        }
        return all.stream().allMatch(s -> s.state() == Status.State.RUNNING) ? 0 : 1;
    }

    static void table(List<Status> all, PrintStream out) {
        out.printf("%-13s %-9s %8s %6s %10s %10s%n", "COMPONENT", "STATE", "PID", "PORT", "UPTIME", "MEMORY");
        for (Status s : all) {
            boolean alive = s.state() == Status.State.RUNNING || s.state() == Status.State.STARTING;
            out.printf(
                    "%-13s %-9s %8s %6s %10s %10s%n",
                    s.component(),
                    s.state().word(),
                    s.pid().isPresent() ? s.pid().getAsLong() : "-",
                    s.port().isPresent() ? s.port().getAsInt() : "-",
                    alive ? uptime(s.uptime()) : "-",
                    alive ? s.memory() + " MiB" : "-");
        }
        for (Status s : all) {
            if (s.state() == Status.State.DEAD) {
                out.println();
                out.println(s.component() + " died. The end of its log (`granary logs " + s.component() + "`):");
                s.lastLines().forEach(line -> out.println("    " + line));
            }
        }
    }

    static String json(List<Status> all) {
        ArrayNode array = new ObjectMapper().createArrayNode();
        for (Status s : all) {
            ObjectNode node = array.addObject();
            node.put("component", s.component().id());
            node.put("state", s.state().word());
            s.pid().ifPresent(pid -> node.put("pid", pid));
            s.port().ifPresent(port -> node.put("port", port));
            node.put("uptime_seconds", s.uptime().toSeconds());
            node.put("memory_mib", s.memory());
            ArrayNode lines = node.putArray("last_lines");
            s.lastLines().forEach(lines::add);
        }
        return array.toPrettyString();
    }

    private static String uptime(Duration time) {
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }
}
