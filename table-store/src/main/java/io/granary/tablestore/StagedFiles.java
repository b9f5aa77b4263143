package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.common.FileUtils;

/**
 * What a run has written under its version folder, by whatever means: SQL or files put there. Names that begin with
 * {@code _} or {@code .} are no data, as for every reader.
 */
final class StagedFiles {
    /** The folder that Hive gives to rows whose partition column is NULL. */
    private static final String NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";

    private final FileSystem files;
    private final List<String> partitionColumns;
    private final Map<String, Found> found = new TreeMap<>();

    /** A partition folder; {@code spec} has the plain values, {@code folder} their escaped form. */
    record Found(PartitionSpec spec, Path folder, List<ProvenanceFile.DataFile> dataFiles) {
        boolean holdsFiles() {
            return dataFiles.stream().anyMatch(f -> f.bytes() > 0);
        }
    }

    private StagedFiles(FileSystem files, List<String> partitionColumns) {
        this.files = files;
        this.partitionColumns = partitionColumns;
    }

    /**
     * Lists the partition folders under {@code version}, sorted by name.
     *
     * @throws GranaryException when data lies where no partition would show it
     */
    static List<Found> list(FileSystem files, Path version, List<String> partitionColumns) {
        StagedFiles staged = new StagedFiles(files, partitionColumns);
        try {
            staged.walk(version, List.of());
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "cannot list the staged files under " + version + ": " + e.getMessage(), e);
        }
        return List.copyOf(staged.found.values());
    }

    private void walk(Path folder, List<PartitionSpec.Entry> above) throws IOException {
        List<ProvenanceFile.DataFile> dataFiles = new ArrayList<>();
        int depth = above.size();
        for (FileStatus entry : files.listStatus(folder)) {
            String name = entry.getPath().getName();
            if (hidden(name)) {
                continue;
            }
            if (depth == partitionColumns.size()) {
                dataFiles.add(dataFile(entry));
            } else {
                List<PartitionSpec.Entry> entries = new ArrayList<>(above);
                entries.add(partition(entry, partitionColumns.get(depth)));
                walk(entry.getPath(), entries);
            }
        }
        if (depth == partitionColumns.size()) {
            PartitionSpec spec = new PartitionSpec(above);
            found.put(spec.toString(), new Found(spec, folder, sorted(dataFiles)));
        }
    }

    /** The data files of one partition's folder, sorted by name. */
    static List<ProvenanceFile.DataFile> dataFiles(FileSystem files, Path folder) throws IOException {
        List<ProvenanceFile.DataFile> found = new ArrayList<>();
        for (FileStatus entry : files.listStatus(folder)) {
            if (!hidden(entry.getPath().getName())) {
                found.add(dataFile(entry));
            }
        }
        return sorted(found);
    }

    private static List<ProvenanceFile.DataFile> sorted(List<ProvenanceFile.DataFile> dataFiles) {
        return dataFiles.stream()
                .sorted(Comparator.comparing(ProvenanceFile.DataFile::name))
                .toList();
    }

    static boolean hidden(String name) {
        return name.startsWith(".") || name.startsWith("_");
    }

    private static ProvenanceFile.DataFile dataFile(FileStatus entry) {
        if (entry.isDirectory()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "staged folder " + entry.getPath() + " lies below a partition, where no reader looks");
        }
        return new ProvenanceFile.DataFile(entry.getPath().getName(), entry.getLen());
    }

    private static PartitionSpec.Entry partition(FileStatus entry, String column) {
        String name = entry.getPath().getName();
        if (!entry.isDirectory() || !name.startsWith(column + "=")) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "staged path " + entry.getPath() + " is no folder " + column + "=…, where readers would find it");
        }
        String value = FileUtils.unescapePathName(name.substring(column.length() + 1));
        if (value.equals(NULL_PARTITION) || value.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "rows with no value for partition column " + column + " were staged in " + entry.getPath()
                            + ". Give every row a " + column + ", or filter such rows out.");
        }
        return new PartitionSpec.Entry(column, value);
    }
}
