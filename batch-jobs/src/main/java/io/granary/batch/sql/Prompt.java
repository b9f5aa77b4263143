package io.granary.batch.sql;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jline.console.ConsoleReader;
import jline.console.UserInterruptException;
import jline.console.history.FileHistory;

/** The conversation at a terminal: statements end with {@code ;} and may go over several lines. */
final class Prompt {
    private static final String FIRST = "granary> ";
    private static final String NEXT = "      -> ";

    private final Runner runner;
    private final Path historyFile;
    private final PrintStream err;

    Prompt(Runner runner, Path historyFile, PrintStream err) {
        this.runner = runner;
        this.historyFile = historyFile;
        this.err = err;
    }

    /** Until Ctrl-D, {@code quit} or {@code exit}. Ctrl-C forgets what has been typed. */
    void run() {
        try {
            Files.createDirectories(historyFile.getParent());
            ConsoleReader console = new ConsoleReader();
            console.setHandleUserInterrupt(true);
            console.setExpandEvents(false);
            FileHistory history = new FileHistory(new File(historyFile.toString()));
            console.setHistory(history);
            err.println("Statements end with ;  Ctrl-C cancels, Ctrl-D leaves.");
            try {
                converse(console);
            } finally {
                history.flush();
                console.shutdown();
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "the terminal cannot be used: " + e.getMessage(), e);
        }
    }

    private void converse(ConsoleReader console) throws IOException {
        StatementReader statements = new StatementReader();
        while (true) {
            String line;
            try {
                line = console.readLine(statements.isInside() ? NEXT : FIRST);
            } catch (UserInterruptException e) {
                statements.clear();
                continue;
            }
            if (line == null) {
                return;
            }
            if (!statements.isInside() && line.strip().matches("(?i)(quit|exit);?")) {
                return;
            }
            for (String statement : statements.add(line + "\n")) {
                attempt(statement);
            }
        }
    }

    private void attempt(String statement) {
        try {
            runner.run(statement);
        } catch (GranaryException e) {
            err.println(e.getMessage());
        }
    }
}
