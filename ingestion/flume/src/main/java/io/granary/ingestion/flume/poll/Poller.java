package io.granary.ingestion.flume.poll;

import io.granary.ingestion.flume.Complaints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.ToLongFunction;

/**
 * Looks at the table and writes the row versions that are new to the journal, each once. Whatever goes wrong, it begins
 * again from what the journal says.
 */
final class Poller implements AutoCloseable {
    private final PollSettings settings;
    private final Clock clock;
    private final Complaints complaints;
    private final ToLongFunction<Path> sent;
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
    private volatile Connection connection;
    private PolledTable table;
    private Journal journal;
    private Snapshot begun;
    private Memory memory;
    private boolean alone;

    /** @param sent how many bytes of a journal file will not be asked for again */
    Poller(PollSettings settings, Clock clock, Complaints complaints, ToLongFunction<Path> sent) {
        this.settings = settings;
        this.clock = clock;
        this.complaints = complaints;
        this.sent = sent;
    }

    /** Brings the journal in order; to be called before anybody reads it. */
    void recover() throws IOException {
        closeJournal();
        journal = new Journal(settings.folder(), settings.fileBytes());
        begun = journal.open();
    }

    /** One look: all rows that changed since the last one. What fails is said, and tried again the next time. */
    void look() {
        try {
            if (journal == null) {
                recover();
            }
            if (journal.removeSent(sent) >= settings.unsentBytes()) {
                say("its journal holds " + settings.unsentBytes() + " bytes that the channel has not taken"
                        + " (poll.unsentBytes): nothing more is read until it does. Is Kafka away?");
                return;
            }
            if (!connect()) {
                return;
            }
            if (memory == null) {
                remember();
            }
            read();
        } catch (SQLException | IOException | RuntimeException e) {
            say(withoutSession(e) + ". It is tried again in " + settings.every().toSeconds() + " s.");
            forget();
        }
    }

    /** MariaDB's driver puts the number of the session in front, which would make the same complaint another one each time. */
    private static String withoutSession(Exception e) {
        return String.valueOf(e.getMessage()).replaceFirst("^\\(conn=-?\\d+\\) ", "");
    }

    private boolean connect() throws SQLException, IOException {
        if (connection == null) {
            Login login = new Login(settings.database());
            connection = login.open();
            alone = login.kind().isAlone(connection, settings.source());
            table = PolledTable.open(connection, login.kind(), settings);
        }
        if (!alone) {
            say("another agent polls it; this one waits until that has ended");
            forget();
        }
        return alone;
    }

    /** What the journal says. */
    private void remember() throws IOException {
        Memory known = new Memory(settings.rememberedRows(), settings.overlap(table.mark()), begun);
        journal.replay(line -> {
            ChangeLine read = ChangeLine.of(line);
            known.replay(read.sequence(), version(read.row()));
        });
        begun = null;
        memory = known;
    }

    private void read() throws SQLException, IOException {
        batch.reset();
        Bound[] after = {memory.begin(table.now())};
        int rows;
        do {
            rows = table.read(after[0], row -> {
                RowVersion version = version(row);
                after[0] = new Bound(version.mark(), version.key());
                take(row, version);
            });
            flush();
        } while (rows == settings.pageRows());
        memory.end();
        if (memory.isShortened()) {
            say("more than " + settings.rememberedRows() + " rows changed within the overlap of " + settings.overlap()
                    + " (poll.rememberedRows): a transaction that ends late among them may be missed");
        }
    }

    private void take(byte[] row, RowVersion version) throws IOException {
        if (!memory.isNew(version)) {
            return;
        }
        String changeAt = table.mark() == Cell.INTEGER
                ? clock.instant().toString()
                : Instant.EPOCH.plus(version.mark(), ChronoUnit.MICROS).toString();
        batch.write(new ChangeLine(memory.sequence(), changeAt, row).bytes());
        if (batch.size() >= settings.batchBytes()) {
            flush();
        }
    }

    /** Afterwards the memory is what the journal says, and only then another file may begin. */
    private void flush() throws IOException {
        if (batch.size() == 0) {
            return;
        }
        journal.append(batch.toByteArray());
        batch.reset();
        if (journal.isFull()) {
            journal.rotate(memory.snapshot());
        }
    }

    private RowVersion version(byte[] row) throws IOException {
        return RowVersion.of(row, settings.key(), settings.watermark());
    }

    private void say(String what) {
        complaints.say(
                clock.instant(),
                "table " + settings.table() + " at " + settings.database().jdbcUrl() + " for " + settings.source()
                        + ": " + what);
    }

    private void forget() {
        memory = null;
        closeConnection();
        try {
            closeJournal();
        } catch (IOException e) {
            say("its journal cannot be closed: " + e);
        }
    }

    private void closeJournal() throws IOException {
        if (journal != null) {
            journal.close();
            journal = null;
        }
    }

    private void closeConnection() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                say("the connection cannot be closed: " + e.getMessage());
            }
        }
    }

    /** Ends a statement that runs now, from another thread. */
    void cut() {
        Connection open = connection;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                say("the connection cannot be ended: " + e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        forget();
    }
}
