package io.granary.batch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.project.ProjectLoader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is compiled depends on the project alone: else the same build would do everything again on another machine. */
class MachineIndependenceTest {
    private static final Path BASE = Path.of("..", "warehouse-sql", "src", "test", "projects", "base");

    private final TimeZone zone = TimeZone.getDefault();
    private final Locale locale = Locale.getDefault();

    @AfterEach
    void restore() {
        TimeZone.setDefault(zone);
        Locale.setDefault(locale);
    }

    @Test
    void clockZoneAndLanguageOfTheMachineChangeNothingButTheTimeOfTheManifest() {
        Manifest here = compile("2026-11-22T00:00:00Z");

        TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        Manifest there = compile("1999-01-01T00:00:00Z");

        assertThat(there.hash()).isEqualTo(here.hash());
        assertThat(there)
                .usingRecursiveComparison()
                .ignoringFields("generatedAt")
                .isEqualTo(here);
        assertThat(there.models()).isNotEmpty();
    }

    private static Manifest compile(String at) {
        Clock clock = Clock.fixed(Instant.parse(at), ZoneOffset.UTC);
        return new Compiler(clock).compile(ProjectLoader.read(BASE));
    }
}
