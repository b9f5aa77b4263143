package io.granary.streaming.submit;

import io.granary.warehouse.config.ProfileExcerpt;
import io.granary.warehouse.config.StreamSettings;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What the job reads of the machine that submits it: manifest, profile, and the files that the profile refers to. YARN
 * unpacks it in each container as the folder {@link #FOLDER}.
 */
final class JobArchive {
    static final String FOLDER = "granary";
    static final String PROFILE = FOLDER + "/profile.yaml";
    static final String MANIFEST = FOLDER + "/manifest.json";

    private JobArchive() {}

    /** Writes it, readable by this user only, as it may hold secrets; Spark's staging folder is the user's alone too. */
    static Path write(Path profile, Path manifest, Map<String, String> environment) {
        List<String> keys = new ArrayList<>(List.of("name", "region", "fs", "kafka", "redis", "vars"));
        StreamSettings.KEYS.stream().sorted().map(key -> "streaming." + key).forEach(keys::add);
        ProfileExcerpt excerpt = ProfileExcerpt.of(profile, keys, environment);
        try {
            Path archive = Files.createTempFile(
                    "granary-streaming",
                    ".zip",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (OutputStream out = Files.newOutputStream(archive);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                entry(zip, "profile.yaml", excerpt.yaml().getBytes(StandardCharsets.UTF_8));
                entry(zip, "manifest.json", Files.readAllBytes(manifest));
                for (Map.Entry<String, byte[]> file : excerpt.files().entrySet()) {
                    entry(zip, file.getKey(), file.getValue());
                }
            }
            return archive;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "the files of the job cannot be packed: " + e, e);
        }
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
