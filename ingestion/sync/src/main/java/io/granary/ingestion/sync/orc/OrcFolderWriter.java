package io.granary.ingestion.sync.orc;

import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcConf;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.TypeDescription;

/**
 * {@code hdfswriter} of ORC: a file {@code <fileName>-<part>.orc} a part. A part is written as {@code
 * .<fileName>-<part>.orc.writing}, is {@code .<fileName>-<part>.orc} when it is complete, and all parts get their names
 * when all are: names that begin with a dot are no data to Hive and Spark.
 */
public final class OrcFolderWriter implements RowWriter {
    private final HdfsWriter to;
    private final Configuration hadoop;
    private final TypeDescription schema;
    private final Path folder;
    private final FileSystem files;
    private final Set<String> parts = ConcurrentHashMap.newKeySet();
    /** In mode append the names differ from those that are there. */
    private final String addition;

    private boolean keepFinished;
    private boolean committed;

    private OrcFolderWriter(HdfsWriter to, Configuration hadoop, Path folder, FileSystem files) {
        this.to = to;
        this.hadoop = new Configuration(hadoop);
        // memory is looked at after every batch, for rows may be large
        OrcConf.ROWS_BETWEEN_CHECKS.setLong(this.hadoop, 1);
        // a dictionary is looked up for every text; in a tree that is a fifth of the time of a job
        OrcConf.DICTIONARY_IMPL.setString(this.hadoop, "hash");
        this.schema = OrcTypes.schema(to.column());
        this.folder = folder;
        this.files = files;
        this.addition = to.writeMode().equals("append")
                ? "-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
                : "";
    }

    public static OrcFolderWriter open(HdfsWriter to, Configuration hadoop) {
        Path folder = OrcFiles.at(to.defaultFS(), to.path());
        try {
            OrcFolderWriter writer = new OrcFolderWriter(to, hadoop, folder, folder.getFileSystem(hadoop));
            writer.refuseOthers();
            return writer;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot list " + folder + ": " + e, e);
        }
    }

    private void refuseOthers() throws IOException {
        if (to.writeMode().equals("nonConflict") && !others().isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "hdfswriter: " + folder + " already holds files named " + to.fileName()
                            + "*, and writeMode is nonConflict");
        }
    }

    /** Files of this name that were there before. */
    private List<Path> others() throws IOException {
        if (!files.exists(folder)) {
            return List.of();
        }
        return Arrays.stream(files.listStatus(folder, path -> path.getName().startsWith(to.fileName())))
                .filter(FileStatus::isFile)
                .map(FileStatus::getPath)
                .toList();
    }

    @Override
    public Optional<TypeDescription> schema() {
        return Optional.of(schema);
    }

    @Override
    public void keepFinished() {
        keepFinished = true;
    }

    @Override
    public Optional<RowSums> staged(RowPart part) {
        Path file = complete(part.id());
        try {
            if (!files.exists(file)) {
                return Optional.empty();
            }
            parts.add(part.id());
            return Optional.of(sums(file));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e, e);
        }
    }

    @Override
    public Part open(RowPart part, DirtySink dirty) {
        parts.add(part.id());
        return new OrcPart(
                new Path(folder, "." + name(part.id()) + ".writing"), complete(part.id()), files, this::options);
    }

    private OrcFile.WriterOptions options() {
        return OrcFile.writerOptions(hadoop)
                .setSchema(schema)
                .compress(CompressionKind.valueOf(to.compress() == null ? "SNAPPY" : to.compress()))
                .overwrite(true)
                .useUTCTimestamp(true)
                .setProlepticGregorian(true);
    }

    private String name(String part) {
        return to.fileName() + addition + "-" + part + ".orc";
    }

    private Path complete(String part) {
        return new Path(folder, "." + name(part));
    }

    private RowSums sums(Path file) throws IOException {
        try (Reader reader = OrcFile.createReader(file, OrcFile.readerOptions(hadoop))) {
            return OrcSums.of(reader);
        }
    }

    @Override
    public void commit() {
        try {
            if (to.writeMode().equals("truncate")) {
                for (Path old : others()) {
                    files.delete(old, false);
                }
            }
            for (String part : parts) {
                Path file = new Path(folder, name(part));
                if (!files.rename(complete(part), file)) {
                    throw new IOException(complete(part) + " cannot be renamed to " + file.getName());
                }
            }
            committed = true;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot finish " + folder + ": " + e, e);
        }
    }

    @Override
    public void close() {
        if (committed || keepFinished) {
            return;
        }
        try {
            for (String part : parts) {
                files.delete(complete(part), false);
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot take back what is in " + folder + ": " + e, e);
        }
    }
}
