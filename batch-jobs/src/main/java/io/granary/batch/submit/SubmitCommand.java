package io.granary.batch.submit;

import io.granary.batch.run.BackfillCommand;
import io.granary.batch.run.BuildCommand;
import io.granary.batch.run.RetryCommand;
import io.granary.batch.run.RunCommand;
import io.granary.batch.seal.SealCommand;
import io.granary.tablestore.Sessions;
import io.granary.tablestore.SubmittedVerbs;
import io.granary.tablestore.SubmittedVerbs.Submission;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The verbs that run SQL, inside a Spark application of their own instead of on the SQL server of the profile.
 *
 * <p>This process is the driver, in YARN's client mode. It takes the place of {@code spark-submit}: the launcher starts
 * it with the distribution's class path, which holds Spark, and YARN's executors use the same jars where they lie
 * ({@link SparkSettings}). An installed {@code spark-submit} can start it too: {@code spark-submit --master yarn --class
 * io.granary.batch.submit.SubmitCommand granary-batch-jobs.jar build --ds …} with the other jars of
 * {@code lib/batch-jobs} as {@code --jars}; the settings it gives ({@code spark.*} system properties) come before ours.
 */
@Command(
        name = "granary submit",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "VERB [OPTIONS OF THE VERB]",
        header = {
            "Examples:",
            "  granary submit build --ds 2026-11-01",
            "  granary submit --master yarn --conf spark.executor.instances=8 build --ds 2026-11-01",
            "  granary submit --master yarn sync trade.order --ds 2026-11-01",
            "  granary submit --master yarn job run orders.json",
            ""
        },
        description = "Runs a verb inside a Spark application of its own: same results, same publish, no SQL server."
                + " Syncs and jobs run by the spark engine.")
public final class SubmitCommand implements Callable<Integer> {
    private static final Map<String, Function<Submission, Object>> VERBS = verbs();

    @Option(
            names = "--master",
            paramLabel = "MASTER",
            description = "local[*], local[N] or yarn (default: what spark-submit says, else local[*])")
    private String master;

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "Setting of Spark, such as spark.executor.memory=4g; may be given several times")
    private Map<String, String> given = new LinkedHashMap<>();

    @Spec
    private CommandSpec spec;

    private static Map<String, Function<Submission, Object>> verbs() {
        Map<String, Function<Submission, Object>> verbs = new LinkedHashMap<>();
        verbs.put("build", given -> new BuildCommand(given.sessions()));
        verbs.put("run", given -> new RunCommand(given.sessions()));
        verbs.put("backfill", given -> new BackfillCommand(given.sessions()));
        verbs.put("retry", given -> new RetryCommand(given.sessions()));
        verbs.put("seal", given -> new SealCommand(given.sessions()));
        // of the modules whose jars are on the class path too
        ServiceLoader.load(SubmittedVerbs.class).forEach(module -> verbs.putAll(new TreeMap<>(module.verbs())));
        return verbs;
    }

    public static void main(String[] args) {
        // as in the JVM of every verb that reads timestamps
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        int code;
        SubmitCommand submit = new SubmitCommand();
        try (SparkApplication application = new SparkApplication(submit::start)) {
            code = Commands.run(withVerbs(submit, application), args);
        }
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    /** The command line with the verbs as its subcommands. */
    static CommandSpec withVerbs(SubmitCommand submit, Sessions sessions) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(submit);
        Submission given = new Submission(sessions, () -> Optional.ofNullable(submit.master), submit::before);
        VERBS.forEach((name, verb) -> {
            CommandLine line = new CommandLine(verb.apply(given));
            line.getCommandSpec().name(name);
            spec.addSubcommand(name, line);
        });
        return spec;
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "Which verb? One of " + String.join(", ", spec.subcommands().keySet()) + " follows the options.");
    }

    /** What {@code spark-submit} and the user have set. */
    private Map<String, String> before() {
        Map<String, String> before = new LinkedHashMap<>();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("spark."))
                .forEach(name -> before.put(name, System.getProperty(name)));
        before.putAll(given);
        return before;
    }

    private SparkSession start(Profile profile) {
        Map<String, String> before = before();
        String chosen = master != null ? master : before.getOrDefault("spark.master", "local[*]");
        before.put("spark.master", chosen);
        SparkSession.Builder builder = SparkSession.builder();
        SparkSettings.of(chosen, profile, home(), System.getenv(), before).forEach(builder::config);
        return builder.getOrCreate();
    }

    /** The state folder that the verb was given. */
    private Home home() {
        ParseResult verb = spec.commandLine().getParseResult().subcommand();
        while (verb.hasSubcommand()) {
            verb = verb.subcommand();
        }
        OptionSpec option = verb.commandSpec().findOption("--home");
        Path folder = option.getValue();
        return new Home(folder);
    }
}
