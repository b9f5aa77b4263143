package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Tells by their content whether two files are one log: a file that copytruncate copied, or that was restored or moved
 * here under another inode.
 *
 * @param reader reads the first lines and trails
 */
record Kinship(ChunkReader reader) {
    private static final int LOOKED_BACK = 4096;

    /** Whether a name is another one with a suffix, as rotation makes them: {@code access.log.1} of {@code access.log}. */
    static boolean isBeside(Path path, Path original) {
        String name = path.getFileName().toString();
        String first = original.getFileName().toString();
        return path.getParent().equals(original.getParent())
                && name.length() > first.length()
                && name.startsWith(first)
                && ".-_".indexOf(name.charAt(first.length())) >= 0;
    }

    /** Whether a file begins with this line, and has the bytes of a mark. */
    boolean holds(FileChannel file, String hash, Position.Mark mark) throws IOException {
        return reader.isContinued(file, mark.offset(), mark.trail())
                && reader.firstLineHash(file, true).filter(hash::equals).isPresent();
    }

    /** Whether a file is so far what another one begins with. */
    boolean isStartOf(FileChannel file, FileChannel whole) throws IOException {
        long size = file.size();
        if (size > whole.size()) {
            return false;
        }
        int length = lookedBack(size);
        byte[] end = reader.bytes(file, size - length, length);
        byte[] other = reader.bytes(whole, size - end.length, end.length);
        return Arrays.equals(end, other);
    }

    /**
     * Whether being equal up to an offset says that two files are one. Logs that only begin alike (the directives of the
     * W3C format, a heading) are not: behind the first line there must be a line that is no directive.
     */
    boolean isTelling(FileChannel file, long offset) throws IOException {
        int length = lookedBack(offset);
        byte[] before = reader.bytes(file, offset - length, length);
        int start = before.length - 1;
        while (start > 0 && before[start - 1] != '\n') {
            start--;
        }
        return start > 0 ? before[start] != '#' : length < offset;
    }

    /** Whether a file begins as W3C logs do, all of them alike. */
    boolean beginsWithDirective(FileChannel file) throws IOException {
        byte[] first = reader.bytes(file, 0, 1);
        return first.length > 0 && first[0] == '#';
    }

    private int lookedBack(long offset) {
        return (int) Math.min(offset, Math.min(LOOKED_BACK, reader.maxLineBytes()));
    }

    /** The file of a folder that has an inode. */
    static Optional<Path> find(Path folder, Inode inode) {
        return search(folder, path -> {
            Inode.Sight sight = look(path);
            return sight != null && sight.isFile() && sight.inode().equals(inode);
        });
    }

    /** The first path of a folder, in alphabetical order, that is as wished. */
    static Optional<Path> search(Path folder, Predicate<Path> wish) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            List<Path> paths = new ArrayList<>();
            entries.forEach(paths::add);
            return paths.stream().sorted().filter(wish).findFirst();
        } catch (IOException | DirectoryIteratorException e) {
            return Optional.empty();
        }
    }

    /** What a path is now, or null when it is not there. */
    static Inode.Sight look(Path path) {
        try {
            return Inode.look(path);
        } catch (IOException e) {
            return null;
        }
    }

    /** Opens a file that must still be the one that was seen. */
    static FileChannel open(Path path, Inode inode) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        if (!Inode.look(path).inode().equals(inode)) {
            channel.close();
            throw new NoSuchFileException(path.toString(), null, "replaced while it was opened");
        }
        return channel;
    }
}
