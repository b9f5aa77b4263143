package io.granary.warehouse.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestsTest {
    /** Of {@code abc}, as FIPS 180 gives it. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path folder;

    @Test
    void theShortFormsAreTheBeginningOfTheSum() {
        byte[] text = "-abc-".getBytes(StandardCharsets.UTF_8);

        assertThat(Digests.sha256("abc")).isEqualTo(ABC);
        assertThat(Digests.shortSha256("abc")).isEqualTo(ABC.substring(0, 16));
        assertThat(Digests.shortSha256(text, 1, 3)).isEqualTo(ABC.substring(0, 16));
        assertThat(Digests.sha256Number("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(0xba7816bf8f01cfeaL);
    }

    @Test
    void aFilesSumIsThatOfItsContent() throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "abc");

        assertThat(Digests.of(file, "SHA-256")).isEqualTo(ABC);
        assertThat(Digests.of(file, "MD5")).isEqualTo("900150983cd24fb0d6963f7d28e17f72");
        assertThatThrownBy(() -> Digests.of(folder.resolve("none"), "MD5"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("none");
    }
}
