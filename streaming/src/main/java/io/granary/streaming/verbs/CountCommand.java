package io.granary.streaming.verbs;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.replay.CountRequest;
import io.granary.tablestore.HadoopSettings;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary counters count}. */
@Command(
        name = "count",
        mixinStandardHelpOptions = true,
        description =
                "Lets a counter count anew, from a time on: its numbers are removed and what was counted before is"
                        + " counted again for it, when the streaming job starts the next time.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  granary counters count traffic.page_view --from 2026-11-20",
            "  granary counters count traffic.page_view --from 2026-11-20T10:00:00Z",
            "  granary counters count traffic.page_view --from now",
            "  granary restart streaming"
        })
public final class CountCommand implements Callable<Integer> {
    private static final String NOW = "now";

    @Mixin
    private CommonOptions options;

    @Parameters(paramLabel = "<counter>", description = "Such as traffic.page_view")
    private String counter;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "<time>",
            description = "Of events: a day, a wall clock in the source's time zone, a time with an offset; or `now`:"
                    + " lines that come from the start on")
    private String from;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Profile profile = options.profile();
        List<StreamQuery> queries = StreamQuery.of(Manifest.read(options.home().manifest()));
        for (StreamQuery query : queries) {
            for (CountedModel model : query.models()) {
                for (ZonedCounter known : model.counters()) {
                    if (known.node().qualifiedName().equals(counter)) {
                        ask(profile, query, known);
                        return 0;
                    }
                }
            }
        }
        throw new GranaryException(
                ErrorCode.NOT_FOUND,
                "there is no counter " + counter + " in the compiled project. It has "
                        + queries.stream()
                                .flatMap(q -> q.counterNames().stream())
                                .toList()
                        + "; is it new? `granary compile` first.");
    }

    private void ask(Profile profile, StreamQuery query, ZonedCounter known) {
        Instant time = from.equals(NOW) ? null : BucketText.time("--from", from, known.zone());
        Checkpoint checkpoint =
                new Checkpoint(profile.streaming().checkpoint(profile.fs(), query.name()), HadoopSettings.of(profile));
        CountRequest.leave(checkpoint, counter, time);
        spec.commandLine()
                .getErr()
                .println("granary: " + counter + " is counted anew from " + (time == null ? "its start" : time)
                        + " on when the streaming job starts the next time: `granary restart streaming`, or on YARN"
                        + " stop it and `granary submit streaming`.");
    }
}
