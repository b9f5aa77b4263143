package io.granary.cluster;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code granary down}. */
@Command(
        name = "granary down",
        mixinStandardHelpOptions = true,
        description = "Stops the local cluster. Its data stays for the next start.")
public final class DownCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    public static void main(String[] args) {
        Commands.main(new DownCommand(), args);
    }

    @Override
    public Integer call() {
        Distribution distribution = new Distribution(CommonOptions.distribution());
        LocalCluster cluster = new LocalCluster(common.home(), distribution, common.project(), Map.of());
        Progress progress = Progress.stderr();
        if (cluster.status().stream().allMatch(s -> s.state() == Status.State.STOPPED)) {
            progress.say("nothing runs in " + common.home().root());
            return 0;
        }
        VerbArchive verbs = new VerbArchive(common.home(), distribution, common.project());
        boolean recordsVerbs = cluster.runs(VerbArchive.NEEDS) && !verbs.isUpToDate();
        if (recordsVerbs || cluster.recordsClasses()) {
            progress.say("this stop takes longer than others: it archives classes, so that later starts are faster");
        }
        if (recordsVerbs) {
            verbs.record();
        }
        cluster.down(progress);
        progress.say("down. The data is kept in " + common.home().root());
        return 0;
    }
}
