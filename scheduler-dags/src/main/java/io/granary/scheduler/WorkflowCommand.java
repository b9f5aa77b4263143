package io.granary.scheduler;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.manifest.Manifest;
import java.time.Clock;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The verb {@code workflow}: shows the daily workflow of a compiled project, or runs it here. */
@Command(
        name = "workflow",
        description = "Shows the daily workflow of the compiled project, or runs it on this machine.",
        synopsisSubcommandLabel = "(show | run)",
        subcommands = {WorkflowCommand.Show.class, WorkflowCommand.Run.class},
        footer = {
            "",
            "Examples: granary workflow show",
            "          granary workflow run --ds 2026-11-01",
            "          granary workflow show --as dolphinscheduler > daily.json"
        })
public final class WorkflowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Commands.main(new WorkflowCommand(), args);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do with the workflow: show or run");
    }

    /** In whose words a workflow is printed. */
    enum Form {
        GRANARY,
        DOLPHINSCHEDULER
    }

    @Command(name = "show", description = "Prints the workflow as JSON.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private CommonOptions common;

        @Option(
                names = "--as",
                paramLabel = "FORM",
                defaultValue = "granary",
                description = "granary (default), or dolphinscheduler: a definition for DolphinScheduler 3.1")
        private Form form;

        @Option(
                names = "--tenant",
                paramLabel = "NAME",
                defaultValue = "default",
                description = "DolphinScheduler's tenant that the tasks run as (default: ${DEFAULT-VALUE})")
        private String tenant;

        @Override
        public Integer call() {
            Workflow workflow =
                    WorkflowCompiler.compile(Manifest.read(common.home().manifest()));
            if (form == Form.GRANARY) {
                System.out.println(workflow.toJson());
                return 0;
            }
            System.out.println(DolphinScheduler.definition(workflow, tenant).toPrettyString());
            DolphinScheduler.HOW_TO_SEND.forEach(System.err::println);
            return 0;
        }
    }

    @Command(name = "run", description = "Runs the workflow for one day, each task as a process of its own.")
    static final class Run implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private CommonOptions common;

        @Option(names = "--ds", paramLabel = "DAY", required = true, description = "Day to run, such as 2026-11-01")
        private LocalDate ds;

        @Option(
                names = "--parallel",
                paramLabel = "N",
                defaultValue = "2",
                description = "How many tasks may run at once (default: ${DEFAULT-VALUE})")
        private int parallel;

        @Override
        public Integer call() throws InterruptedException {
            if (parallel < 1) {
                throw new ParameterException(
                        spec.commandLine(), "--parallel is " + parallel + "; it must be 1 or more");
            }
            Workflow workflow =
                    WorkflowCompiler.compile(Manifest.read(common.home().manifest()));
            int width = workflow.tasks().stream()
                    .mapToInt(task -> task.name().length())
                    .max()
                    .orElse(1);
            LocalRunner runner = new LocalRunner(
                    workflow,
                    new TaskLauncher(common.verbs()),
                    common.home(),
                    parallel,
                    new Progress(System.err, width),
                    Clock.systemUTC());
            WorkflowResults results = stoppable(runner);
            long succeeded = results.results().stream()
                    .filter(WorkflowResults.TaskResult::isSuccess)
                    .count();
            System.err.printf(
                    java.util.Locale.ROOT,
                    "workflow %s ds=%s: %d of %d tasks succeeded in %.1f s; %s%n",
                    results.workflow(),
                    results.ds(),
                    succeeded,
                    results.results().size(),
                    results.elapsedTime(),
                    common.home().workflowResults());
            return results.isSuccess() ? 0 : 1;
        }

        /** Runs so that Ctrl-C and SIGTERM stop the children first and then end this process with 1. */
        private WorkflowResults stoppable(LocalRunner runner) throws InterruptedException {
            CountDownLatch ended = new CountDownLatch(1);
            Thread stop = new Thread(
                    () -> {
                        runner.stop();
                        awaitQuietly(ended);
                        System.err.println("granary: workflow stopped; run it again to finish what is missing");
                        System.err.flush();
                        // A signal would end the JVM with 128 + its number.
                        Runtime.getRuntime().halt(1);
                    },
                    "stop");
            Runtime.getRuntime().addShutdownHook(stop);
            try {
                return runner.run(ds);
            } finally {
                ended.countDown();
                try {
                    Runtime.getRuntime().removeShutdownHook(stop);
                } catch (IllegalStateException shutdown) {
                    // The hook runs already; it ends this process.
                    new CountDownLatch(1).await();
                }
            }
        }

        private static void awaitQuietly(CountDownLatch latch) {
            try {
                if (!latch.await(30, TimeUnit.SECONDS)) {
                    System.err.println("granary: tasks did not stop in time");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
