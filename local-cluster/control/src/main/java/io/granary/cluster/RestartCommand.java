package io.granary.cluster;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code granary restart}. */
@Command(
        name = "granary restart",
        mixinStandardHelpOptions = true,
        description = "Stops one component and starts it again; the others stay up.")
public final class RestartCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "COMPONENT", description = "Such as flume; `granary status` lists them")
    private String component;

    public static void main(String[] args) {
        Commands.main(new RestartCommand(), args);
    }

    @Override
    public Integer call() {
        new LocalCluster(common.home(), new Distribution(CommonOptions.distribution()), common.project(), Map.of())
                .restart(Component.of(component), Progress.stderr());
        return 0;
    }
}
