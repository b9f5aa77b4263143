package io.granary.ingestion.flume;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.manifest.Manifest;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code granary agent-config}: prints the agent's properties. It needs no running store. */
@Command(
        name = "agent-config",
        description = "Prints the Flume agent's properties for the log sources of the compiled project.",
        mixinStandardHelpOptions = true)
public final class AgentConfigCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private AgentOptions agent;

    public static void main(String[] args) {
        Commands.main(new AgentConfigCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(common.home().manifest());
        AgentConfig config = new AgentConfig(common.home(), common.profile(), agent.host(), Map.of());
        System.out.print(config.render(manifest));
        return 0;
    }
}
