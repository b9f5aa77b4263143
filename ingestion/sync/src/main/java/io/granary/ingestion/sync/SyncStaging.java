package io.granary.ingestion.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where the day of a source is staged: {@code <fs>/granary/staging/sync/<source>/<ds>/}, outside of every table. In it
 * {@code data/} with the part files, {@code begun.json} (what is staged), {@code log/} (its {@link StagedParts}) and, from
 * just before the files move into the table's version, {@code publishing.json}.
 */
final class SyncStaging {
    /** Prefix of the part files. */
    static final String FILE = "part";

    private static final JsonMapper JSON = new JsonMapper();

    private final FileSystem files;
    private final Path folder;
    private final String partition;

    private SyncStaging(FileSystem files, Path folder, PartitionSpec partition) {
        this.files = files;
        this.folder = folder;
        this.partition = partition.toString();
    }

    static SyncStaging of(Configuration hadoop, String fs, String source, String ds) {
        Path folder = new Path(new Path(fs + "/"), "granary/staging/sync/" + source + "/" + ds);
        try {
            return new SyncStaging(folder.getFileSystem(hadoop), folder, PartitionSpec.of("ds", ds));
        } catch (IOException e) {
            throw failed("reach", folder, e);
        }
    }

    /**
     * What is being staged.
     *
     * @param job hash of the job: only parts of the same job and columns go together
     */
    record Begun(String job, RowRange range) {}

    private record Publishing(String target, String table, String location, String run) {
        TableStore.Staging staging() {
            return new TableStore.Staging(TableName.parse(target), TableName.parse(table), location, new RunId(run));
        }
    }

    /** The folder of the part files. */
    Path data() {
        return new Path(folder, "data");
    }

    /** What an earlier attempt began; empty when there is none, or it died before it had begun. */
    Optional<Begun> begun() {
        return read(new Path(folder, "begun.json"), Begun.class);
    }

    void begin(Begun begun) {
        write(new Path(folder, "begun.json"), begun);
    }

    /**
     * Settles what a run left that died while it published: either its rows are there for readers, and nothing is staged
     * any more, or its files come back from the version, which is dropped.
     */
    void recover(TableStore store) {
        Path note = new Path(folder, "publishing.json");
        Optional<Publishing> died = read(note, Publishing.class);
        if (died.isEmpty()) {
            return;
        }
        TableStore.Staging version = died.get().staging();
        boolean published = store.partitions(version.target()).stream()
                .anyMatch(p -> p.spec().toString().equals(partition) && p.run().equals(version.run()));
        if (published) {
            delete();
            return;
        }
        try {
            takeBack(version);
            store.discard(version);
            files.delete(note, false);
        } catch (IOException e) {
            throw failed("take back", folder, e);
        }
    }

    /** The log of the parts. Part files that were complete under their final name are staged again. */
    StagedParts parts() {
        try {
            Path log = new Path(folder, "log");
            files.mkdirs(log);
            files.mkdirs(data());
            // a sign of life for `granary gc`, also when all parts are there
            writeText(new Path(folder, "attempt"), "");
            for (FileStatus file : dataFiles(data())) {
                rename(file.getPath(), new Path(data(), "." + file.getPath().getName()));
            }
            TreeMap<String, String> lines = new TreeMap<>();
            for (FileStatus file : files.listStatus(log, path -> path.getName().endsWith(".json"))) {
                lines.put(file.getPath().getName(), text(file.getPath()));
            }
            int[] next = {lines.isEmpty() ? 0 : number(lines.lastKey()) + 1};
            return new StagedParts(
                    List.copyOf(lines.values()),
                    line -> writeText(new Path(log, String.format(Locale.ROOT, "%08d.json", next[0]++)), line));
        } catch (IOException e) {
            throw failed("read", folder, e);
        }
    }

    private static int number(String name) {
        return Integer.parseInt(name.substring(0, name.indexOf('.')));
    }

    /** The staged files, under their final names. */
    List<Path> partFiles() {
        try {
            return dataFiles(data()).stream().map(FileStatus::getPath).toList();
        } catch (IOException e) {
            throw failed("list", data(), e);
        }
    }

    /** Moves the staged files into the version that is to be published. */
    void moveTo(TableStore.Staging version) {
        write(
                new Path(folder, "publishing.json"),
                new Publishing(
                        version.target().toString(),
                        version.table().toString(),
                        version.location(),
                        version.run().value()));
        Path target = new Path(version.location(), partition);
        try {
            files.mkdirs(target);
            for (FileStatus file : dataFiles(data())) {
                rename(file.getPath(), new Path(target, file.getPath().getName()));
            }
        } catch (IOException e) {
            throw failed("move the staged files to", target, e);
        }
    }

    private void takeBack(TableStore.Staging version) throws IOException {
        Path target = new Path(version.location(), partition);
        files.mkdirs(data());
        if (files.exists(target)) {
            for (FileStatus file : dataFiles(target)) {
                rename(file.getPath(), new Path(data(), "." + file.getPath().getName()));
            }
        }
    }

    private List<FileStatus> dataFiles(Path in) throws IOException {
        return files.exists(in)
                ? List.of(files.listStatus(in, path -> path.getName().startsWith(FILE + "-")))
                : List.of();
    }

    private void rename(Path from, Path to) throws IOException {
        if (!files.rename(from, to)) {
            throw new IOException(from + " cannot be renamed to " + to);
        }
    }

    /** Nothing is staged any more. */
    void delete() {
        try {
            files.delete(folder, true);
        } catch (IOException e) {
            throw failed("delete", folder, e);
        }
    }

    private <T> Optional<T> read(Path file, Class<T> type) {
        try {
            return Optional.of(JSON.readValue(text(file), type));
        } catch (FileNotFoundException | JsonProcessingException e) {
            // none, or its writer died over it
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    private String text(Path file) throws IOException {
        try (InputStream in = files.open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void write(Path file, Object value) {
        try {
            writeText(file, JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record is plain data", e);
        }
    }

    private void writeText(Path file, String text) {
        try (OutputStream out = files.create(file, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    private static GranaryException failed(String what, Path file, IOException e) {
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "cannot " + what + " " + file + ": " + e.getMessage()
                        + ". Is the file system up, and is there space (`granary status`)?",
                e);
    }
}
