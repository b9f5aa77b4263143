package io.granary.batch;

import io.granary.batch.compile.Compiler;
import io.granary.batch.run.PlanCommand;
import io.granary.batch.sql.SqlCommand;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.project.ProjectLoader;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Does what the verbs of this module begin with, and changes nothing: a JVM that archives its classes when it ends then
 * has those that the verbs need.
 */
@Command(
        name = "rehearsal",
        mixinStandardHelpOptions = true,
        description = "Compiles, plans a day, asks the SQL server.")
public final class Rehearsal implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    public static void main(String[] args) {
        Commands.main(new Rehearsal(), args);
    }

    @Override
    public Integer call() {
        new Compiler(Clock.systemUTC()).compile(ProjectLoader.read(common.project()));
        int planned = verb(
                new PlanCommand(),
                "--ds",
                LocalDate.now(Clock.systemUTC()).toString(),
                "--project",
                common.project().toString());
        int asked = verb(new SqlCommand(), "-e", "SELECT 1");
        return Math.max(planned, asked);
    }

    private int verb(Object command, String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--home";
        all[arguments.length + 1] = common.home().root().toString();
        return Commands.run(command, all);
    }
}
