package io.granary.cli.project;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary completion}. */
@Command(
        name = "granary completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script that completes verbs and options when Tab is pressed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(granary completion bash)",
            "  granary completion bash > /etc/bash_completion.d/granary",
            "  source <(granary completion zsh)"
        })
public final class CompletionCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SHELL", defaultValue = "bash", description = "bash or zsh (default: bash)")
    private String shell;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Commands.main(new CompletionCommand(), args);
    }

    @Override
    public Integer call() {
        if (!List.of("bash", "zsh").contains(shell)) {
            throw new GranaryException(ErrorCode.USAGE, "no completion for '" + shell + "'; known: bash, zsh");
        }
        spec.commandLine().getOut().print(script(CommonOptions.distribution()));
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** For bash; zsh reads it too. */
    static String script(Path distribution) {
        CommandLine root = new CommandLine(CommandSpec.create().name("granary"));
        Path verbs = distribution.resolve("conf/verbs");
        try {
            for (String line : Files.readAllLines(verbs)) {
                String[] fields = line.strip().split("\\s*\\|\\s*", -1);
                if (!line.startsWith("#") && fields.length == 4) {
                    root.addSubcommand(fields[0], verb(fields[2]));
                }
            }
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.INTERNAL, "cannot read " + verbs + ": the distribution is incomplete, build it again", e);
        }
        root.addSubcommand("help", new CommandLine(CommandSpec.create()));
        root.addSubcommand("version", new CommandLine(CommandSpec.create()));
        return AutoComplete.bash("granary", root);
    }

    /** Verbs of other class paths are known by name only, and take what every verb takes. */
    private static CommandLine verb(String main) {
        try {
            Class<?> type = Class.forName(main);
            if (type.isAnnotationPresent(Command.class)) {
                return new CommandLine(type.getDeclaredConstructor().newInstance());
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            return new CommandLine(new AnyVerb());
        }
        return new CommandLine(new AnyVerb());
    }

    @Command(mixinStandardHelpOptions = true)
    private static final class AnyVerb {
        @Mixin
        @SuppressWarnings("unused") // its options are read by reflection
        private CommonOptions options;
    }
}
