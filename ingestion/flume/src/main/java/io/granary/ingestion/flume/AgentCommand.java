package io.granary.ingestion.flume;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.manifest.Manifest;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary agent}: what is to be known about the agents that collect logs. */
@Command(
        name = "agent",
        description = "The agents that collect logs.",
        mixinStandardHelpOptions = true,
        subcommands = AgentCommand.Config.class)
public final class AgentCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Commands.main(new AgentCommand(), args);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what: granary agent config [<host group>]");
    }

    /** {@code granary agent config}: prints the properties of an agent. It needs no running store. */
    @Command(
            name = "config",
            description = {
                "Prints the Flume properties of an agent for the log sources of the compiled project.",
                "Without a host group: those of this state folder's agent, which collects every source. With one: those"
                        + " of any agent of the group, for a Flume 1.11 with the plug-in folder plugins.d/granary of"
                        + " the distribution; it takes its name from the environment variable GRANARY_HOST and keeps"
                        + " positions in the folder GRANARY_STATE."
            },
            mixinStandardHelpOptions = true)
    static final class Config implements Callable<Integer> {
        @Mixin
        private CommonOptions common;

        @Mixin
        private AgentOptions agent;

        @Parameters(arity = "0..1", paramLabel = "GROUP", description = "Host group of the profile")
        private String group;

        @Override
        public Integer call() {
            Manifest manifest = Manifest.read(common.home().manifest());
            AgentPlace place = group == null
                    ? AgentPlace.home(common.home(), agent.host())
                    : AgentPlace.group(common.profile(), group);
            System.out.print(new AgentConfig(common.profile(), place, Map.of()).render(manifest));
            return 0;
        }
    }
}
