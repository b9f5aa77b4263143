package io.granary.batch.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LandingFileTest {
    @Test
    void namesTellHostAgentAndState() {
        LandingFile file = LandingFile.of("/l/dt=2026-11-01/hh=10/web-1.example-1762000000000.12.avro.tmp", 7)
                .orElseThrow();

        assertThat(file.host()).isEqualTo("web-1.example");
        assertThat(file.agentStart()).isEqualTo(1762000000000L);
        assertThat(file.temporary()).isTrue();
        assertThat(file.finalPath()).isEqualTo("/l/dt=2026-11-01/hh=10/web-1.example-1762000000000.12.avro");
        assertThat(LandingFile.of("/l/readme.txt", 7)).isEmpty();
    }

    @Test
    void onlyTheNewestAgentOfAHostHasOpenFiles() {
        LandingFile old = file("web1-100.1.avro.tmp");
        LandingFile current = file("web1-200.1.avro.tmp");
        LandingFile other = file("web2-100.1.avro.tmp");

        assertThat(Landing.open(List.of(old, file("web1-200.2.avro"), current, other)))
                .containsExactly(current, other);
    }

    private static LandingFile file(String name) {
        return LandingFile.of("/l/" + name, 1).orElseThrow();
    }
}
