package io.granary.warehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamSettingsTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsNotSaidIsUsual() throws IOException {
        StreamSettings usual = settings("fs: hdfs://nn:9000/", Map.of());
        assertThat(usual.trigger()).isEqualTo(Duration.ofMillis(500));
        assertThat(usual.batchBytes()).isEqualTo(256 << 20);
        assertThat(usual.partitions()).isZero();
        assertThat(usual.patience()).isEqualTo(Duration.ofMinutes(1));
        assertThat(usual.dimensions()).isEqualTo(Duration.ofMinutes(1));
        assertThat(usual.metrics().getHostString()).isEqualTo("127.0.0.1");
        assertThat(usual.checkpoint("hdfs://nn:9000/", "traffic.access_log"))
                .isEqualTo("hdfs://nn:9000/granary/checkpoints/streaming/traffic.access_log");
    }

    @Test
    void whatIsSaidCountsAndTheEnvironmentBeforeTheFile() throws IOException {
        StreamSettings said = settings(
                "streaming: {trigger: 2s, batch_mb: 16, partitions: 8, metrics: '0.0.0.0:9464', checkpoint: 'hdfs://other/c/'}",
                Map.of("GRANARY_STREAMING_BATCH_MB", "8", "GRANARY_STREAMING_DIMENSIONS", "1s"));
        assertThat(said.trigger()).isEqualTo(Duration.ofSeconds(2));
        assertThat(said.batchBytes()).isEqualTo(8 << 20);
        assertThat(said.partitions()).isEqualTo(8);
        assertThat(said.dimensions()).isEqualTo(Duration.ofSeconds(1));
        assertThat(said.metrics().getPort()).isEqualTo(9464);
        assertThat(said.checkpoint("hdfs://nn", "a.b")).isEqualTo("hdfs://other/c/a.b");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> settings("streaming: {triger: 2s}", Map.of()))
                .hasMessageContaining("streaming.triger");
        assertThatThrownBy(() -> settings("streaming: {trigger: 0s}", Map.of()))
                .hasMessageContaining("streaming.trigger")
                .hasMessageContaining("'0s'");
        assertThatThrownBy(() -> settings("streaming: {batch_mb: lots}", Map.of()))
                .hasMessageContaining("'lots'");
        assertThatThrownBy(() -> settings("streaming: {batch_mb: 0}", Map.of())).hasMessageContaining("from 1 to");
        assertThatThrownBy(() -> settings("streaming: {metrics: 9464}", Map.of()))
                .hasMessageContaining("127.0.0.1:9464");
        assertThatThrownBy(() -> settings("streaming: {checkpoint: here}", Map.of()))
                .hasMessageContaining("absolute");
    }

    @Test
    void anExcerptTakesSecretsAlongAsFiles() throws IOException {
        Path profile = profile("""
                kafka: broker:9092
                redis: "redis://:${file:secrets/redis}@redis:6379"
                api: http://127.0.0.1:1
                streaming: {trigger: 2s}
                """);
        Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets/redis"), "hidden");
        List<String> keys = List.of("kafka", "redis", "fs", "streaming.trigger", "streaming.batch_mb");

        ProfileExcerpt excerpt = ProfileExcerpt.of(profile, keys, Map.of("GRANARY_STREAMING_BATCH_MB", "8"));

        assertThat(excerpt.yaml()).doesNotContain("hidden").doesNotContain("api");
        assertThat(excerpt.files()).containsOnlyKeys("secrets/redis");
        Path there = Files.createDirectories(folder.resolve("there"));
        Files.createDirectories(there.resolve("secrets"));
        Files.write(there.resolve("secrets/redis"), excerpt.files().get("secrets/redis"));
        Files.write(there.resolve("profile.yaml"), excerpt.yaml().getBytes(StandardCharsets.UTF_8));
        Profile read = Profile.load(there.resolve("profile.yaml"), Map.of());
        assertThat(read.redis()).isEqualTo("redis://:hidden@redis:6379");
        assertThat(read.streaming().trigger()).isEqualTo(Duration.ofSeconds(2));
        assertThat(read.streaming().batchBytes()).isEqualTo(8 << 20);
    }

    @Test
    void anExcerptRefusesWhatIsNotThereOnTheOtherMachine() throws IOException {
        Path environment = profile("redis: redis://:${env:REDIS_PASSWORD}@redis:6379");
        assertThatThrownBy(() -> ProfileExcerpt.of(environment, List.of("redis"), Map.of()))
                .hasMessageContaining("${env:REDIS_PASSWORD}")
                .hasMessageContaining("${file:");
        Path outside = profile("redis: redis://:${file:../x}@redis:6379");
        assertThatThrownBy(() -> ProfileExcerpt.of(outside, List.of("redis"), Map.of()))
                .hasMessageContaining("${file:../x}");
    }

    private StreamSettings settings(String yaml, Map<String, String> environment) throws IOException {
        return Profile.load(profile(yaml), environment).streaming();
    }

    private Path profile(String yaml) throws IOException {
        return Files.writeString(folder.resolve("profile.yaml"), yaml);
    }
}
