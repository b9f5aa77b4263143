package io.granary.cli;

import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the launcher runs when its first argument is no verb: help, the version, or a word it does not know. */
public final class Main {
    private final Path distribution;
    private final PrintStream out;
    private final PrintStream err;

    Main(Path distribution, PrintStream out, PrintStream err) {
        this.distribution = distribution;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        int code;
        try {
            code = new Main(CommonOptions.distribution(), System.out, System.err).run(List.of(args));
        } catch (GranaryException e) {
            System.err.println("granary: " + e.getMessage());
            code = e.code().exitCode();
        }
        System.exit(code);
    }

    int run(List<String> args) {
        String first = args.isEmpty() ? "help" : args.get(0);
        switch (first) {
            case "version", "--version", "-V" -> out.println("granary " + version());
            case "help", "--help", "-h" -> help(out);
            default -> {
                err.println("granary: there is no verb '" + first + "'" + suggestion(first));
                err.println("granary: `granary help` lists the verbs");
                return ErrorCode.USAGE.exitCode();
            }
        }
        return 0;
    }

    private String suggestion(String typed) {
        return verbs().nearest(typed).map(v -> "; did you mean '" + v + "'?").orElse("");
    }

    private Verbs verbs() {
        return Verbs.read(distribution.resolve("conf/verbs"));
    }

    private void help(PrintStream to) {
        to.println("Granary, an agile data warehouse for the Hadoop ecosystem.");
        to.println();
        to.println("  granary demo                                  everything at once, on this machine");
        to.println("  granary up                                    an empty local cluster");
        to.println("  granary ingest access-log FILE --site NAME    your own access log");
        to.println("  granary sql -e 'SELECT …' --output csv        a query for a script");
        to.println();
        to.println("Verbs:");
        for (Verbs.Verb verb : verbs().all()) {
            to.printf("  %-13s %s%n", verb.name(), verb.help());
        }
        to.printf("  %-13s %s%n", "version", "print the version");
        to.println();
        to.println("`granary <verb> --help` explains a verb. Every verb takes --home DIR ($GRANARY_HOME, .granary),");
        to.println(
                "--project DIR ($GRANARY_PROJECT) and --profile FILE ($GRANARY_PROFILE). Extra JVM flags: $GRANARY_OPTS.");
    }

    private String version() {
        Path file = distribution.resolve("VERSION");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.INTERNAL, "cannot read " + file + ": the distribution is incomplete, build it again", e);
        }
    }
}
