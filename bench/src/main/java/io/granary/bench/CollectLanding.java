package io.granary.bench;

import io.granary.tablestore.HadoopSettings;
import io.granary.warehouse.config.Profile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** What an agent landed in HDFS. */
final class CollectLanding implements AutoCloseable {
    private static final int BUFFER = 1 << 20;

    private final FileSystem files;
    private final Path folder;

    CollectLanding(Profile profile, String source) {
        files = HadoopSettings.fileSystem(profile);
        folder = new Path(profile.fs() + "/granary/landing/" + source);
    }

    /** Reads all files, and counts the lines in them. */
    LineTally tally() throws IOException {
        LineTally tally = new LineTally();
        RemoteIterator<LocatedFileStatus> all = files.listFiles(folder, true);
        while (all.hasNext()) {
            Path file = all.next().getPath();
            // agents report to a folder beside those of the hours
            if (file.toString().contains("/_heartbeats/")) {
                continue;
            }
            try (InputStream in = new BufferedInputStream(files.open(file), BUFFER)) {
                if (file.getName().contains(".avro")) {
                    chunks(in, tally);
                } else {
                    text(in, tally);
                }
            }
        }
        return tally;
    }

    private static void chunks(InputStream in, LineTally tally) throws IOException {
        try (DataFileStream<GenericRecord> records = new DataFileStream<>(in, new GenericDatumReader<>())) {
            GenericRecord record = null;
            while (records.hasNext()) {
                record = records.next(record);
                ByteBuffer body = (ByteBuffer) record.get("body");
                tally.text(body.array(), body.arrayOffset() + body.position(), body.arrayOffset() + body.limit());
            }
        }
    }

    private static void text(InputStream in, LineTally tally) throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
            int end = read;
            while (end > 0 && buffer[end - 1] != '\n') {
                end--;
            }
            if (end > 0) {
                int first = 0;
                if (rest.size() > 0) {
                    while (buffer[first++] != '\n') {}
                    rest.write(buffer, 0, first);
                    tally.text(rest.toByteArray(), 0, rest.size());
                    rest.reset();
                }
                tally.text(buffer, first, end);
            }
            rest.write(buffer, end, read - end);
        }
        tally.text(rest.toByteArray(), 0, rest.size());
    }

    @Override
    public void close() throws IOException {
        files.delete(folder, true);
        files.close();
    }
}
