package io.granary.ingestion.sync.datax;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A job file as DataX reads it, with its passwords: in a folder of its own that only this user can open, and gone when the job
 * has been read or has ended, however it ended.
 */
final class JobFile implements AutoCloseable {
    private static final String MASK = "***";

    private final Path folder;
    private final Path path;
    private final List<String> secrets;
    private final Thread atExit = new Thread(this::delete);

    private JobFile(Path folder, Path path, List<String> secrets) {
        this.folder = folder;
        this.path = path;
        this.secrets = secrets;
    }

    /** @param secrets texts that must not be shown */
    static JobFile write(String json, List<String> secrets) {
        try {
            Path folder = Files.createTempDirectory(
                    "granary-datax-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path path = Files.createFile(
                    folder.resolve("job.json"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            JobFile file = new JobFile(
                    folder, path, secrets.stream().filter(s -> !s.isEmpty()).toList());
            Runtime.getRuntime().addShutdownHook(file.atExit);
            Files.writeString(path, json);
            return file;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write the job file for DataX: " + e, e);
        }
    }

    Path path() {
        return path;
    }

    String withoutSecrets(String line) {
        String safe = line;
        for (String secret : secrets) {
            safe = safe.replace(secret, MASK);
        }
        return safe;
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.RESOURCES, "cannot delete " + path + ", which holds a password: delete it. " + e, e);
        }
    }

    @Override
    public void close() {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the process is ending: the hook runs, and finds nothing
            return;
        }
    }
}
