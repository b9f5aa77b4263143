package io.granary.streaming.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.count.CountingFixture;
import io.granary.tablestore.SubmittedVerbs;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmitStreamingTest {
    private static final Map<String, String> MANAGER =
            Map.of("spark.hadoop.yarn.resourcemanager.address", "127.0.0.1:8032");

    @TempDir
    private Path folder;

    @Test
    void theVerbIsFound() {
        assertThat(ServiceLoader.load(SubmittedVerbs.class))
                .flatExtracting(module -> module.verbs().keySet())
                .contains("streaming");
    }

    @Test
    void theArchiveIsAllThatTheJobReads() throws IOException {
        Path manifest = folder.resolve("manifest.json");
        CountingFixture.manifest().write(manifest);
        Files.writeString(folder.resolve("password"), "hidden");
        Path profile = profile("redis: redis://:${file:password}@redis:6379\nsql: jdbc:hive2://here/");

        Path archive = JobArchive.write(profile, manifest, Map.of("GRANARY_KAFKA", "broker:9092"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
                .isEqualTo("rw-------");
        Path there = folder.resolve("there");
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = there.resolve(JobArchive.FOLDER).resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.write(file, zip.readAllBytes());
            }
        }
        Files.delete(archive);
        assertThat(Files.readString(there.resolve(JobArchive.PROFILE)))
                .doesNotContain("hidden")
                .doesNotContain("hive2");
        Profile read = Profile.load(there.resolve(JobArchive.PROFILE), Map.of());
        assertThat(read.redis()).isEqualTo("redis://:hidden@redis:6379");
        assertThat(read.kafka()).isEqualTo("broker:9092");
        assertThat(Manifest.read(there.resolve(JobArchive.MANIFEST)).counters()).hasSize(3);
    }

    @Test
    void whatTheUserSetsComesFirst() throws IOException {
        Profile profile = Profile.load(profile("fs: hdfs://namenode:9000"), Map.of());
        Map<String, String> usual = SubmitStreamingCommand.settings(profile, Map.of(), MANAGER);
        assertThat(usual)
                .containsEntry("spark.executor.instances", "2")
                .containsEntry("spark.yarn.submit.waitAppCompletion", "false")
                .containsEntry("spark.hadoop.yarn.resourcemanager.address", "127.0.0.1:8032");
        Map<String, String> given = Map.of(
                "spark.hadoop.yarn.resourcemanager.address", "127.0.0.1:8032",
                "spark.executor.instances", "7",
                "spark.master", "yarn");
        assertThat(SubmitStreamingCommand.settings(profile, Map.of(), given))
                .containsEntry("spark.executor.instances", "7")
                .doesNotContainKey("spark.master");
        assertThatThrownBy(() -> SubmitStreamingCommand.settings(profile, Map.of(), Map.of()))
                .hasMessageContaining("HADOOP_CONF_DIR");
    }

    private Path profile(String yaml) throws IOException {
        return Files.writeString(folder.resolve("profile.yaml"), yaml + "\n");
    }
}
