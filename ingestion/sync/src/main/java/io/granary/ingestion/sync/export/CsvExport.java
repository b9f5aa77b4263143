package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.orc.OrcFolderReader;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Writes a day as CSV ({@link CsvRows}) with a header; the file is there when it is complete, or as it was. */
record CsvExport(Configuration hadoop, String fileSystem, boolean keepFormulas) {

    /** Returns the rows written. */
    long write(ExportedDay day, Path file) {
        Path target = file.toAbsolutePath();
        Path hidden = target.resolveSibling(
                "." + target.getFileName() + "." + ProcessHandle.current().pid());
        try {
            try {
                long rows = rows(day, hidden);
                try (FileChannel written = FileChannel.open(hidden, StandardOpenOption.WRITE)) {
                    written.force(true);
                }
                Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return rows;
            } finally {
                Files.deleteIfExists(hidden);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private long rows(ExportedDay day, Path hidden) throws IOException {
        List<String> header = new ArrayList<>(day.columns());
        header.add("ds");
        try (RowReader reader = OrcFolderReader.open(day.reader(fileSystem, true), hadoop);
                BufferedWriter out = Files.newBufferedWriter(hidden, StandardCharsets.UTF_8)) {
            CsvRows rows = new CsvRows(header, reader.schema(), out, keepFormulas);
            for (RowPart part : reader.parts(1)) {
                reader.read(part, rows);
            }
            rows.flush();
            return rows.count();
        }
    }
}
