package io.granary.ingestion.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncomingTest {
    static final String LINE =
            "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 203023 \"-\" \"Mo \\\"z\"\n";

    @TempDir
    Path folder;

    @Test
    void aPlainFileAndItsGzipAreTheSameContent() throws IOException {
        Path plain = file("access.log", LINE.repeat(3));
        Path packed = file("access.log.gz", gzip(LINE.repeat(3)));
        Incoming a = read(plain);
        Incoming b = read(packed);
        assertThat(a.sha256()).hasSize(64).isEqualTo(b.sha256());
        assertThat(b.lines()).isEqualTo(3);
        assertThat(b.bytes()).isEqualTo(3L * LINE.length());
        assertThat(b.content()).hasContent(LINE.repeat(3));
        assertThat(b.oddCount()).isZero();
    }

    @Test
    void gzipOfSeveralMembersIsReadToItsEnd() throws IOException {
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.write(gzip(LINE));
        two.write(gzip(LINE.repeat(2)));
        assertThat(read(file("rotated.gz", two.toByteArray())).lines()).isEqualTo(3);
    }

    @Test
    void aLastLineWithoutAnEndCounts() throws IOException {
        assertThat(read(file("open.log", LINE + LINE.strip())).lines()).isEqualTo(2);
    }

    @Test
    void oddLinesAreNamedButTaken() throws IOException {
        Incoming incoming = read(file("odd.log", LINE + "no closing quote\n" + LINE.repeat(5)));
        assertThat(incoming.oddLines()).containsExactly(2L);
        assertThat(incoming.lines()).isEqualTo(7);
    }

    @Test
    void whatIsNoFileIsRefused() throws IOException {
        assertRefused(folder.resolve("missing.log"), "no such file");
        assertRefused(Files.createDirectory(folder.resolve("logs")), "is a folder");
        assertRefused(file("empty.log", ""), "is empty");
        assertRefused(file("empty.log.gz", gzip("")), "is empty once it is unpacked");
    }

    @Test
    void brokenGzipIsRefusedWithTheLineItBreaksIn() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append(LINE.replace("203023", String.valueOf(i * 7919L)));
        }
        byte[] whole = gzip(text.toString());
        assertRefused(
                file("short.gz", Arrays.copyOf(whole, whole.length / 2)),
                "is broken gzip: it ends too early, in line ");
        byte[] flipped = whole.clone();
        Arrays.fill(flipped, whole.length / 2, whole.length / 2 + 64, (byte) 0x55);
        assertRefused(file("flipped.gz", flipped), "is broken gzip");
        assertRefused(file("header.gz", new byte[] {0x1f, (byte) 0x8b, 8}), "is broken gzip");
    }

    @Test
    void somethingElseIsRefusedWithLineNumbers() throws IOException {
        assertRefused(file("notes.txt", "a\nb\n" + LINE), "2 of the first 3 lines", "(line 1, 2)", "Line 1: a");
        assertRefused(file("image.png", "\u0089PNG\r\n\u001a\n\u0000\u0000\rIHDR"), "does not look like an access log");
        assertRefused(file("big.txt", "x\n".repeat(5000)), "1000 of the first 1000 lines", "(line 1, 2, 3, 4, 5, ...)");
        assertRefused(file("a.zip", new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0}), "is a zip archive; unpack it first");
    }

    private void assertRefused(Path file, String... messages) throws IOException {
        Path inbox = folder.resolve("inbox");
        assertThatThrownBy(() -> Incoming.read(file, inbox))
                .hasMessageContainingAll(messages)
                .hasMessageContaining(file.toString());
        if (Files.exists(inbox)) {
            assertThat(inbox).isEmptyDirectory();
        }
    }

    private Incoming read(Path file) {
        return Incoming.read(file, folder.resolve("in"));
    }

    private Path file(String name, String text) throws IOException {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
