package io.granary.warehouse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunResultsTest {
    private static final Pattern EXAMPLE = Pattern.compile("```json contract:run-results\n(.*?)```", Pattern.DOTALL);

    @Test
    void readsAndWritesTheContractsExample() throws Exception {
        Matcher matcher = EXAMPLE.matcher(Files.readString(contracts()));
        assertThat(matcher.find()).isTrue();
        ObjectMapper json = new ObjectMapper();
        JsonNode example = json.readTree(matcher.group(1));
        RunResults read = RunResults.fromJson(matcher.group(1), "contracts.md");
        assertThat(json.readTree(read.toJson())).isEqualTo(example);
    }

    @Test
    void writesWhatEndedHow(@TempDir Path folder) throws Exception {
        Map<String, String> args = new LinkedHashMap<>();
        args.put("which", "build");
        args.put("ds", "2026-11-01");
        RunResults results = RunResults.of(
                Instant.parse("2026-11-21T20:00:10Z"),
                args,
                Duration.ofMillis(12400),
                List.of(
                        RunResults.Result.success(
                                "model.a",
                                Duration.ofMillis(3200),
                                7,
                                List.of("ds=2026-11-01"),
                                "20261121T200000Z-3f9a1c"),
                        RunResults.Result.error("model.b", Duration.ofMillis(5), "no such column"),
                        RunResults.Result.skipped("model.c", "model.b failed")));
        Path file = folder.resolve("target/run-results.json");
        results.write(file);
        results.write(file);

        assertThat(RunResults.fromJson(Files.readString(file), "file")).isEqualTo(results);
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.at("/results/0/rows_affected").asLong()).isEqualTo(7);
        assertThat(json.at("/results/1/status").asText()).isEqualTo("error");
        assertThat(json.at("/results/1").has("run_id")).isFalse();
        assertThat(json.at("/elapsed_time").asDouble()).isEqualTo(12.4);
        assertThat(results.count(RunResults.Status.SKIPPED)).isEqualTo(1);
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void refusesWhatIsNotRunResults() {
        assertThatThrownBy(() -> RunResults.fromJson("[]", "x.json"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("x.json are no run results");
    }

    private static Path contracts() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/contracts.md"))) {
            folder = folder.getParent();
        }
        return folder.resolve("docs/contracts.md");
    }
}
