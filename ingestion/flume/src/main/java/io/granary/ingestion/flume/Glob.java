package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * An absolute path whose names may hold wildcards of {@link java.nio.file.FileSystem#getPathMatcher} ({@code *},
 * {@code ?}, {@code [a-z]}, {@code {a,b}}). As in a shell a wildcard does not match a name that begins with a dot.
 * Compressed copies ({@code access.log.2.gz} of {@code access.log*}) are no logs and are left out.
 */
record Glob(String text) {
    private static final Set<String> COMPRESSED = Set.of("gz", "bz2", "xz", "zst", "lz4", "zip");

    Glob {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("glob '" + text + "' is not an absolute path");
        }
    }

    /** The paths that match now, in alphabetical order; none when a folder on the way is missing. */
    List<Path> paths() throws IOException {
        List<Path> found = List.of(Path.of("/"));
        for (String name : text.substring(1).split("/+")) {
            List<Path> next = new ArrayList<>();
            for (Path folder : found) {
                if (hasWildcard(name)) {
                    next.addAll(matching(folder, name));
                } else if (Files.exists(folder.resolve(name))) {
                    next.add(folder.resolve(name));
                }
            }
            found = next;
        }
        return found;
    }

    /** Whether a path would match if it were there. */
    boolean matches(Path path) {
        return path.getFileSystem().getPathMatcher("glob:" + text).matches(path);
    }

    private static List<Path> matching(Path folder, String pattern) throws IOException {
        var matcher = folder.getFileSystem().getPathMatcher("glob:" + pattern);
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Path name = entry.getFileName();
                if (matcher.matches(name) && !name.toString().startsWith(".") && !isCompressed(name)) {
                    found.add(entry);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(found);
        return found;
    }

    private static boolean hasWildcard(String name) {
        return name.chars().anyMatch(c -> "*?[{\\".indexOf(c) >= 0);
    }

    private static boolean isCompressed(Path name) {
        String text = name.toString();
        return COMPRESSED.contains(text.substring(text.lastIndexOf('.') + 1));
    }

    @Override
    public String toString() {
        return text;
    }
}
