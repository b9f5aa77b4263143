package io.granary.batch.sql;

import io.granary.tablestore.HiveJdbcSession;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.OutputOption;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** SQL on the warehouse, typed or from a script. */
@Command(
        name = "granary sql",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {
            "Examples:",
            "  granary sql",
            "  granary sql -e 'SELECT ds, count(*) FROM dwd.dwd_traffic_hit_di GROUP BY ds' --output csv",
            "  granary sql -f report.sql",
            ""
        },
        description =
                "Runs SQL on the warehouse. Without -e and -f: a prompt, or what comes on standard input. Rows go"
                        + " to standard output, times to standard error. Timestamps are UTC. In CSV NULL is nothing, the empty text is \"\".")
public final class SqlCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @ArgGroup
    private Given given;

    @Mixin
    private OutputOption output;

    private static final class Given {
        @Option(names = "-e", paramLabel = "SQL", description = "Statements to run, with ; between them")
        private String sql;

        @Option(names = "-f", paramLabel = "FILE", description = "File of statements to run")
        private Path file;
    }

    private final PrintStream out;

    public SqlCommand() {
        this(new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                false,
                StandardCharsets.UTF_8));
    }

    SqlCommand(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) {
        // the driver reads a timestamp as wall clock of this zone
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        Commands.main(new SqlCommand(), args);
    }

    @Override
    public Integer call() {
        boolean prompt = given == null && isTerminal();
        List<String> statements = prompt ? List.of() : statements();
        try (HiveJdbcSession session = HiveJdbcSession.open(common.profile())) {
            Runner runner = new Runner(session, output.form(), out, System.err);
            cancelOnInterrupt(runner, prompt);
            if (prompt) {
                new Prompt(runner, common.home().data("sql").resolve("history"), System.err).run();
            } else {
                statements.forEach(runner::run);
            }
            return 0;
        } finally {
            out.flush();
        }
    }

    /** From Java 22 on there is a console without a terminal too; then it is asked. */
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private List<String> statements() {
        StatementReader reader = new StatementReader();
        List<String> statements = new ArrayList<>(reader.add(text()));
        statements.addAll(reader.rest());
        if (statements.isEmpty()) {
            throw new GranaryException(ErrorCode.USAGE, "there is no statement to run");
        }
        return statements;
    }

    private String text() {
        if (given != null && given.sql != null) {
            return given.sql;
        }
        try {
            if (given != null) {
                return Files.readString(given.file);
            }
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            String where = given == null ? "standard input" : given.file.toString();
            throw new GranaryException(ErrorCode.USAGE, "cannot read the statements of " + where + ": " + e, e);
        }
    }

    /**
     * Ctrl-C asks the server to stop the running statement; once more within the wait for that ends this process. At
     * the prompt the line editor takes it, but for the instant before it has changed the terminal's mode.
     */
    private static void cancelOnInterrupt(Runner runner, boolean prompt) {
        AtomicBoolean cancelling = new AtomicBoolean();
        sun.misc.Signal.handle(new sun.misc.Signal("INT"), signal -> {
            if (prompt && !runner.isRunning()) {
                return;
            }
            if (!runner.isRunning() || !cancelling.compareAndSet(false, true)) {
                Runtime.getRuntime().halt(130);
            }
            System.err.println("cancelling …");
            Thread cancel = new Thread(
                    () -> {
                        try {
                            runner.cancel();
                        } finally {
                            cancelling.set(false);
                        }
                    },
                    "cancel");
            cancel.setDaemon(true);
            cancel.start();
        });
    }
}
