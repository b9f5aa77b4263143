package io.granary.batch.run;

import io.granary.batch.env.EnvironmentManifest;
import io.granary.batch.env.EnvironmentOption;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.DayRangeOptions;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.select.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which models and which days a command is about. */
final class DayOptions {
    /** Among the arguments that are recorded, so that a retry follows them. */
    static final String FULL_REFRESH = "full_refresh";

    @Mixin
    private CommonOptions common;

    @Mixin
    private EnvironmentOption environment;

    @Option(
            names = "--select",
            paramLabel = "SELECTOR",
            defaultValue = "",
            description = "name, subject:x, layer:x, tag:x, state:modified; +name or name+ with what it reads or who"
                    + " reads it, 2+name two steps; comma = intersection, space = union (default: all models)")
    private String select;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Folder of the manifest.json that state:modified compares with")
    private Path state;

    @Mixin
    private DayRangeOptions range;

    @Option(
            names = "--late",
            description = "Days that were made before their inputs changed: late data, and nothing else")
    private boolean late;

    @Option(
            names = "--since",
            paramLabel = "D",
            description = "With --late: look only at inputs published on this day (UTC) or later")
    private LocalDate since;

    @Option(
            names = "--full-refresh",
            description =
                    "Make everything chosen again, changed or not; a table whose columns differ from its definition"
                            + " in more than columns added at the end is made anew, and holds these days only (see granary plan)")
    private boolean fullRefresh;

    private EnvironmentManifest project;

    CommonOptions common() {
        return common;
    }

    Manifest manifest() {
        return project().manifest();
    }

    /** The project as the environment sees it. */
    EnvironmentManifest project() {
        if (project == null) {
            project = environment.manifest(common);
        }
        return project;
    }

    String select() {
        return select;
    }

    boolean fullRefresh() {
        return fullRefresh;
    }

    /** The chosen models, each after those it reads. */
    List<ModelNode> models() {
        return project().models(Selector.parse(select).against(stateManifest()));
    }

    /** Why no model is chosen. */
    String noModels() {
        return environment
                .name()
                .map(name -> "nothing to do: no model that is chosen differs from production")
                .orElse("nothing to do: no model is chosen by '" + select + "'");
    }

    private Manifest stateManifest() {
        if (state == null) {
            return null;
        }
        return Manifest.read(Files.isDirectory(state) ? state.resolve("manifest.json") : state);
    }

    static String nothingToDo(List<ModelNode> models) {
        return "nothing to do: " + (models.size() == 1 ? "1 model is" : models.size() + " models are") + " up to date";
    }

    /** What was asked for, as one value. */
    PlanRequest.Days days() {
        if (late) {
            if (range.isGiven() || fullRefresh) {
                throw usage("--late finds the days itself; give no --ds, --from, --to or --full-refresh with it");
            }
            return new PlanRequest.Late(since);
        }
        if (since != null) {
            throw usage("--since is for --late");
        }
        return range.range(", or --late")
                .map(days -> new PlanRequest.Range(days.from(), days.to()))
                .orElseThrow(() -> usage("give --ds D, or --from A and --to B, or --late"));
    }

    private static GranaryException usage(String message) {
        return new GranaryException(ErrorCode.USAGE, message);
    }

    /** For the record of what ran. */
    Map<String, String> args(String which) {
        Map<String, String> args = new LinkedHashMap<>();
        args.put("which", which);
        args.putAll(range.given());
        put(args, "late", late ? "true" : null);
        put(args, "since", since);
        put(args, FULL_REFRESH, fullRefresh ? "true" : null);
        args.put("select", select);
        put(args, "env", environment.name().orElse(null));
        return args;
    }

    private static void put(Map<String, String> args, String name, Object value) {
        if (value != null) {
            args.put(name, value.toString());
        }
    }
}
