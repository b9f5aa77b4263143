package io.granary.batch.seal;

import io.granary.tablestore.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** What seals keep: {@code <run id>.json} each, and {@code <run id>/<n>.avro} while one is at work. */
final class SealFolder {
    private final FileSystem fs;
    private final Path folder;

    SealFolder(FileSystem fs, Path folder) {
        this.fs = fs;
        this.folder = folder;
    }

    SealHistory history() {
        List<SealRecord> records = new ArrayList<>();
        for (FileStatus file : Landing.list(fs, folder)) {
            if (file.isFile() && file.getPath().getName().endsWith(".json")) {
                records.add(
                        SealRecord.fromJson(read(file.getPath()), file.getPath().toString()));
            }
        }
        return SealHistory.of(records);
    }

    /** Writes a record whole or not at all. */
    void write(SealRecord record) {
        Path target = new Path(folder, record.runId() + ".json");
        Path part = new Path(folder, record.runId() + ".part");
        try {
            try (OutputStream out = fs.create(part, true)) {
                out.write(record.toJson().getBytes(StandardCharsets.UTF_8));
            }
            FileContext.getFileContext(fs.getUri(), fs.getConf())
                    .rename(fs.makeQualified(part), fs.makeQualified(target), Options.Rename.OVERWRITE);
        } catch (IOException e) {
            throw Landing.unreachable("write", target.toString(), e);
        }
    }

    /** Where the {@code n}th copy of a seal is. */
    Path copy(RunId run, int n) {
        return new Path(new Path(folder, run.value()), n + ".avro");
    }

    /** Deletes the copies of seals that are done, and of those that died before they were planned. */
    void sweep(SealHistory history) {
        Map<String, SealRecord.State> states = new HashMap<>();
        history.records().forEach(r -> states.put(r.runId(), r.state()));
        for (FileStatus copies : Landing.list(fs, folder)) {
            String run = copies.getPath().getName();
            if (copies.isDirectory() && states.get(run) != SealRecord.State.PLANNED) {
                delete(copies.getPath());
            }
        }
    }

    /** Deletes the copies of a seal that is done. */
    void sweep(SealRecord done) {
        if (done.files().stream().anyMatch(f -> f.copy() != null)) {
            delete(new Path(folder, done.runId()));
        }
    }

    private void delete(Path path) {
        try {
            fs.delete(path, true);
        } catch (IOException e) {
            throw Landing.unreachable("delete", path.toString(), e);
        }
    }

    private String read(Path file) {
        try (InputStream in = fs.open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Landing.unreachable("read", file.toString(), e);
        }
    }
}
