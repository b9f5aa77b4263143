package io.granary.warehouse.command;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs a picocli command and maps its outcome to an exit code, once, at the edge of the process. */
public final class Commands {
    private Commands() {}

    /** Parses, runs and exits the JVM: 0 done, 1 a handled failure, 2 usage or unexpected. */
    public static void main(Object command, String... args) {
        int code = run(command, args);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    /** As {@link #main}, but returns the exit code. */
    public static int run(Object command, String... args) {
        CommandLine line = new CommandLine(command);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, cmd, parsed) -> report(e, cmd.getErr()));
        line.setExitCodeExceptionMapper(e -> ErrorCode.USAGE.exitCode());
        return line.execute(args);
    }

    private static int report(Exception e, PrintWriter err) {
        if (e instanceof GranaryException known) {
            err.println("granary: " + known.getMessage());
            if (known.code() == ErrorCode.INTERNAL) {
                err.println(trace(known));
            }
            return known.code().exitCode();
        }
        err.println("granary: unexpected fault, please report it with this trace");
        err.println(trace(e));
        return ErrorCode.INTERNAL.exitCode();
    }

    private static String trace(Exception e) {
        StringWriter out = new StringWriter();
        e.printStackTrace(new PrintWriter(out));
        return out.toString();
    }
}
