package io.granary.ingestion.flume;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** A program that writes a log and rotates it in one of the ways that programs do; it knows every byte it wrote. */
final class Rotation {
    /** A way to rotate. */
    enum Way {
        RENAME,
        RENAME_AND_CREATE,
        RENAME_OUT_OF_THE_GLOB,
        NUMBERED_CHAIN,
        DATE_EXTENSION,
        SYMBOLIC_LINK_SWAPPED,
        REMOVED_AND_CREATED,
        GZIP,
        COPYTRUNCATE,
        COPYTRUNCATE_REGROWN,
        TRUNCATE_WITHOUT_A_COPY,
        REMOVED_AND_BACK,
        LAST_LINE_WITHOUT_NEWLINE,
        LONG_LINES
    }

    /** What one generation of the log is. */
    static final class Generation {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        /** It was cut without a copy, or written after the copy: what was not read may be lost. */
        boolean mayLose;
        /** Bytes that can be read whatever happens. */
        int safe = -1;
    }

    private static final String HEADER = "#Version: 1.0\n#Fields: time ip uri\n";

    private final Rig rig;
    private final Way way;
    private final Random random;
    private final Path log;
    private final boolean hasHeader;
    private final List<Generation> generations = new ArrayList<>();
    private int rotations;
    private int lines;

    Rotation(Rig rig, Way way, Random random) throws IOException {
        this.rig = rig;
        this.way = way;
        this.random = random;
        this.log = rig.log("access.log");
        this.hasHeader = random.nextInt(3) == 0;
        if (way == Way.SYMBOLIC_LINK_SWAPPED) {
            link();
        }
        begin();
    }

    List<Generation> generations() {
        return generations;
    }

    private Generation now() {
        return generations.get(generations.size() - 1);
    }

    private void begin() {
        generations.add(new Generation());
    }

    /** Writes some lines, perhaps not to the end of the last one. */
    void write() throws IOException {
        StringBuilder text = new StringBuilder();
        if (now().bytes.size() == 0 && hasHeader) {
            text.append(HEADER);
        }
        int more = 1 + random.nextInt(4);
        for (int i = 0; i < more; i++) {
            text.append(++lines).append(' ').append(garbage()).append('\n');
        }
        if (random.nextInt(3) == 0) {
            text.setLength(text.length() - 1 - random.nextInt(2));
        }
        append(text.toString());
    }

    /** A file whose first line is not whole is not known yet: ends it. */
    void beKnown() throws IOException {
        int newlines = 0;
        for (byte b : now().bytes.toByteArray()) {
            newlines += b == '\n' ? 1 : 0;
        }
        if (newlines <= (hasHeader ? 2 : 0)) {
            write();
            append("\n");
        }
    }

    private String garbage() {
        boolean isLong = way == Way.LONG_LINES && random.nextInt(4) == 0;
        int length = isLong ? 90 + random.nextInt(400) : random.nextInt(30);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            char c = (char) random.nextInt(256);
            text.append(c == '\n' ? '\r' : c);
        }
        return text.toString();
    }

    private void append(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        rig.append("access.log", bytes);
        now().bytes.writeBytes(bytes);
    }

    /** Adds to a file that was rotated a moment ago, as a program does that has it open still. */
    private void late(Path file, Generation generation) throws IOException {
        if (random.nextInt(3) == 0) {
            byte[] bytes = (++lines + " late\n").getBytes(StandardCharsets.ISO_8859_1);
            Files.write(file, bytes, java.nio.file.StandardOpenOption.APPEND);
            generation.bytes.writeBytes(bytes);
        }
    }

    /** Rotates, if there is something. */
    void rotate() throws IOException {
        if (now().bytes.size() == 0) {
            return;
        }
        rotations++;
        Generation old = now();
        switch (way) {
            case RENAME, LONG_LINES -> late(move("access.log." + rotations), old);
            case RENAME_AND_CREATE -> {
                Path file = move("access.log." + rotations);
                begin();
                write();
                late(file, old);
                return;
            }
            case RENAME_OUT_OF_THE_GLOB -> late(move("old-" + rotations + ".txt"), old);
            case NUMBERED_CHAIN -> {
                for (int i = rotations - 1; i > 0; i--) {
                    Files.move(rig.log("access.log." + i), rig.log("access.log." + (i + 1)));
                }
                late(move("access.log.1"), old);
            }
            case DATE_EXTENSION -> late(move("access.log-" + (20261100 + rotations)), old);
            case SYMBOLIC_LINK_SWAPPED -> link();
            case REMOVED_AND_CREATED -> {
                old.mayLose = true;
                Files.delete(log);
            }
            case GZIP -> gzip(move("access.log." + rotations));
            case COPYTRUNCATE, COPYTRUNCATE_REGROWN -> copytruncate(old);
            case TRUNCATE_WITHOUT_A_COPY -> {
                old.mayLose = true;
                Files.write(log, new byte[0]);
            }
            case REMOVED_AND_BACK -> {
                awayAndBack();
                return;
            }
            case LAST_LINE_WITHOUT_NEWLINE -> {
                append(++lines + " no newline");
                move("access.log." + rotations);
            }
        }
        begin();
        if (way == Way.COPYTRUNCATE_REGROWN) {
            while (now().bytes.size() <= old.bytes.size()) {
                write();
            }
        }
    }

    private Path move(String name) throws IOException {
        return Files.move(log, rig.log(name));
    }

    private void link() throws IOException {
        Path target = Files.createFile(rig.log("access.log.d" + rotations));
        Path link = Files.createSymbolicLink(rig.log("new-link"), target);
        Files.move(link, log, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void gzip(Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(part))) {
            Files.copy(file, out);
        }
        Files.delete(file);
    }

    private void copytruncate(Generation old) throws IOException {
        for (int i = rotations - 1; i > 0; i--) {
            Files.move(rig.log("access.log." + i), rig.log("access.log." + (i + 1)));
        }
        if (random.nextInt(3) == 0) {
            Files.write(
                    rig.log("access.log.1"), java.util.Arrays.copyOf(old.bytes.toByteArray(), old.bytes.size() / 2));
            rig.tickIfUp();
        }
        Files.write(rig.log("access.log.1"), old.bytes.toByteArray());
        old.safe = old.bytes.size();
        if (random.nextInt(3) == 0) {
            rig.tickIfUp();
            write();
            old.mayLose = true;
            rig.tickIfUp();
        }
        Files.write(log, new byte[0]);
    }

    private void awayAndBack() throws IOException {
        Path away = rig.logs.resolveSibling("away");
        boolean isLong = random.nextInt(4) == 0;
        if (isLong) {
            append("\n"); // a last line without newline would be taken for whole
        }
        boolean copied = random.nextBoolean();
        if (copied) {
            Files.copy(log, away, StandardCopyOption.REPLACE_EXISTING);
            Files.delete(log);
        } else {
            Files.move(log, away, StandardCopyOption.REPLACE_EXISTING);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            rig.tickIfUp();
        }
        if (isLong) {
            rig.pass(Rig.CLOSE);
            rig.tickIfUp();
            rig.tickIfUp();
        }
        Files.move(away, log);
    }
}
