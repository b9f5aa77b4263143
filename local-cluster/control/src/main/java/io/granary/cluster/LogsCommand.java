package io.granary.cluster;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code granary logs}. */
@Command(
        name = "granary logs",
        mixinStandardHelpOptions = true,
        description = "Shows the end of a component's log.",
        footerHeading = "%nExamples:%n",
        footer = {"  granary logs flume", "  granary logs streaming -f"})
public final class LogsCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "COMPONENT", description = "Such as flume; `granary status` lists them")
    private String component;

    @Option(
            names = {"-n", "--lines"},
            defaultValue = "100",
            description = "How many lines (default: ${DEFAULT-VALUE})")
    private int lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written, until Ctrl-C")
    private boolean follow;

    public static void main(String[] args) {
        Commands.main(new LogsCommand(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path file = common.home().log(Component.of(component).id());
        if (!Files.exists(file)) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    component + " has no log in " + common.home().logs()
                            + ": it was never started there. Is --home right?");
        }
        long end = Files.size(file);
        new LogFile(file).last(lines, 0).forEach(System.out::println);
        while (follow && !System.out.checkError()) {
            end = print(file, end);
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return 0;
    }

    /** Prints what was written after a place; a file that became shorter is a new one. */
    private static long print(Path file, long from) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long start = in.length() < from ? 0 : from;
            byte[] bytes = new byte[(int) Math.min(1 << 20, in.length() - start)];
            in.seek(start);
            in.readFully(bytes);
            System.out.write(bytes, 0, bytes.length);
            System.out.flush();
            return start + bytes.length;
        }
    }
}
