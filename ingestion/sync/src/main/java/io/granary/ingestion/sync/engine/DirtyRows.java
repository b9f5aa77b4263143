package io.granary.ingestion.sync.engine;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.ingestion.sync.job.ErrorLimit;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The rows a job leaves out: each kept with its reason, one JSON object a line, and counted against the job's limit. The
 * file is made with the first of them. Safe to use from several threads.
 */
final class DirtyRows implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final ErrorLimit limit;
    private final long before;
    private BufferedWriter out;
    private long count;

    /**
     * @param file where they are kept, or null for nowhere
     * @param limit how many a job may leave out; with one more it ends
     * @param before how many an earlier attempt left out, whose file is continued; 0 for a file of its own
     */
    DirtyRows(Path file, ErrorLimit limit, long before) {
        this.file = file;
        this.limit = limit;
        this.before = before;
        this.count = before;
    }

    /**
     * Keeps a row.
     *
     * @throws GranaryException naming the row and its reason when it is one too many
     */
    synchronized void add(DirtyRow row) {
        count++;
        keep(row);
        if (limit.passed(count)) {
            String many = limit.record() == 0
                    ? ""
                    : "; that are " + count + " rows left out, errorLimit.record is " + limit.record();
            throw new GranaryException(
                    ErrorCode.DATA,
                    row.where() + (row.column() == null ? "" : ", column " + row.column()) + ": " + row.reason() + many
                            + place());
        }
    }

    /**
     * Judges a job that has read all of its rows.
     *
     * @throws GranaryException when too many were left out
     */
    synchronized void atEnd(long read) {
        if (limit.passedAtEnd(count, read)) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    count + " of " + read + " rows cannot be kept, errorLimit.percentage is " + limit.percentage()
                            + place());
        }
    }

    synchronized long count() {
        return count;
    }

    /** Where they are kept, for the end of a message; empty when there are none. */
    synchronized String place() {
        return out == null ? "" : " (rows left out: " + file + ")";
    }

    private void keep(DirtyRow row) {
        if (file == null) {
            return;
        }
        ObjectNode line = JSON.createObjectNode();
        line.put("where", row.where());
        if (row.column() != null) {
            line.put("column", row.column());
        }
        line.put("values", row.values());
        line.put("reason", row.reason());
        try {
            if (out == null) {
                Files.createDirectories(file.getParent());
                out = before == 0
                        ? Files.newBufferedWriter(file)
                        : Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            out.write(JSON.writeValueAsString(line));
            out.newLine();
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.RESOURCES, "cannot keep a row that is left out in " + file + ": " + e, e);
        }
    }

    @Override
    public synchronized void close() {
        if (out == null) {
            return;
        }
        try {
            out.close();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }
}
