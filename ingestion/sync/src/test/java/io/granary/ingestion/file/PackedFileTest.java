package io.granary.ingestion.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packed files as they should be, and as somebody would make them who means harm. */
class PackedFileTest {
    private static final ArchiveLimits LIMITS = new ArchiveLimits(64 << 20, 200, 10);

    @TempDir
    Path folder;

    @Test
    void whatItIsItsFirstBytesSay() throws Exception {
        byte[] rows = "a,b\n".getBytes(StandardCharsets.UTF_8);
        assertThat(read(rows)).containsExactly(Map.entry("f", "a,b\n"));
        assertThat(read(gzip(rows))).containsExactly(Map.entry("f", "a,b\n"));
        assertThat(read(zip("x/1.csv", rows, "x/2.csv", rows)))
                .containsExactly(Map.entry("f: x/1.csv", "a,b\n"), Map.entry("f: x/2.csv", "a,b\n"));
        assertThat(read(tar("1.csv", rows))).containsExactly(Map.entry("f: 1.csv", "a,b\n"));
        assertThat(read(gzip(tar("1.csv", rows)))).containsExactly(Map.entry("f: 1.csv", "a,b\n"));
        assertThat(folder).isDirectoryContaining(file -> file.endsWith("f"));
    }

    @Test
    void namesThatLeadOutOfTheArchiveAreRefused() throws Exception {
        for (String name : new String[] {"../evil.csv", "/etc/passwd", "a/../../b", "..\\evil", "C:\\evil", "a\nb"}) {
            assertThatThrownBy(() -> read(zip(name, new byte[] {'a'})))
                    .as(name)
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("leads out of the archive");
            if (!name.startsWith("/") && !name.contains("\\")) {
                assertThatThrownBy(() -> read(tar(name, new byte[] {'a'})))
                        .hasMessageContaining("leads out of the archive");
            }
        }
    }

    @Test
    void bombsEndSoon() throws Exception {
        byte[] zeros = new byte[40 << 20];
        assertThatThrownBy(() -> read(gzip(zeros))).hasMessageContaining("more than 200 times its");
        assertThatThrownBy(() -> read(zip("a", zeros))).hasMessageContaining("as bombs are");
        assertThatThrownBy(() -> read(zip("a", new byte[] {1}, "b", zeros))).hasMessageContaining("as bombs are");
        Object[] many = new Object[22];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "e" + i;
            many[i + 1] = new byte[0];
        }
        assertThatThrownBy(() -> read(zip(many))).hasMessageContaining("more than 10 entries");
        byte[] random = new byte[2 << 20];
        new java.util.Random(1).nextBytes(random);
        assertThatThrownBy(() -> PackedFile.read(
                        write(gzip(random)), "f", new ArchiveLimits(1 << 20, 200, 10), (name, in) -> in.readAllBytes()))
                .hasMessageContaining("more than 1048576 bytes unpacked");
        assertThatThrownBy(() -> read(zip("inner.zip", zip("a", new byte[] {1}))))
                .hasMessageContaining("f: inner.zip is an archive inside an archive");
        assertThatThrownBy(() -> read(gzip(gzip(new byte[] {1})))).hasMessageContaining("archive inside an archive");
    }

    @Test
    void linksAndBrokenFilesAreRefused() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry link = new TarArchiveEntry("rows.csv", TarConstants.LF_SYMLINK);
            link.setLinkName("/etc/passwd");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }
        assertThatThrownBy(() -> read(out.toByteArray())).hasMessageContaining("'rows.csv' is no plain file");
        byte[] whole = gzip("a,b\n".repeat(10_000).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 20)))
                .hasMessageContaining("it ends too early");
        byte[] archive = zip("a", new byte[1000]);
        assertThatThrownBy(() -> read(Arrays.copyOf(archive, archive.length - 30)))
                .hasMessageContaining("f is broken");
        assertThatThrownBy(() -> read("Rar!xx".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("gzip, bzip2, zip and tar");
    }

    private Map<String, String> read(byte[] content) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        PackedFile.read(write(content), "f", LIMITS, (name, in) -> {
            byte[] head = in.readNBytes(100);
            in.transferTo(OutputStream.nullOutputStream());
            found.put(name, new String(head, StandardCharsets.UTF_8));
        });
        return found;
    }

    private Path write(byte[] content) throws IOException {
        return Files.write(folder.resolve("f"), content);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] zip(Object... namesAndContents) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndContents[i]));
                zip.write((byte[]) namesAndContents[i + 1]);
            }
        }
        return out.toByteArray();
    }

    private static byte[] tar(String name, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry entry = new TarArchiveEntry(name, true);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return out.toByteArray();
    }
}
