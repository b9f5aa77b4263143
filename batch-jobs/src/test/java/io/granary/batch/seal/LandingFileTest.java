package io.granary.batch.seal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LandingFileTest {
    @Test
    void namesTellTheState() {
        LandingFile file = LandingFile.of("/l/dt=2026-11-01/hh=10/web-1.example-1762000000000.12.avro.tmp", 7)
                .orElseThrow();

        assertThat(file.temporary()).isTrue();
        assertThat(file.finalPath()).isEqualTo("/l/dt=2026-11-01/hh=10/web-1.example-1762000000000.12.avro");
        assertThat(LandingFile.of("/l/web-1.12.avro", 7).orElseThrow().temporary())
                .isFalse();
        assertThat(LandingFile.of("/l/readme.txt", 7)).isEmpty();
    }
}
