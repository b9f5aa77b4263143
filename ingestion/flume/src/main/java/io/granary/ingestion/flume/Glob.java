package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * What a look found.
     *
     * @param paths what matches, in alphabetical order
     * @param unreadable folders that could not be listed, and why
     * @param missing the folder, or file, that is not there, when nothing matches for that reason; or null
     */
    record Listing(List<Path> paths, Map<Path, IOException> unreadable, Path missing) {}

    /** Looks at the folders. */
    Listing paths() {
        List<Path> found = List.of(Path.of("/"));
        Map<Path, IOException> unreadable = new LinkedHashMap<>();
        Path missing = null;
        for (String name : text.substring(1).split("/+")) {
            List<Path> next = new ArrayList<>();
            for (Path folder : found) {
                if (hasWildcard(name)) {
                    matching(folder, name, next, unreadable);
                } else if (isThere(folder.resolve(name), unreadable)) {
                    next.add(folder.resolve(name));
                } else {
                    missing = folder.resolve(name);
                }
            }
            found = next;
        }
        return new Listing(found, unreadable, found.isEmpty() ? missing : null);
    }

    /** Whether a path would match if it were there. */
    boolean matches(Path path) {
        return path.getFileSystem().getPathMatcher("glob:" + text).matches(path);
    }

    private static boolean isThere(Path path, Map<Path, IOException> unreadable) {
        try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            unreadable.put(path, e);
            return false;
        }
    }

    private static void matching(Path folder, String pattern, List<Path> found, Map<Path, IOException> unreadable) {
        var matcher = folder.getFileSystem().getPathMatcher("glob:" + pattern);
        List<Path> here = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Path name = entry.getFileName();
                if (matcher.matches(name) && !name.toString().startsWith(".") && !isCompressed(name)) {
                    here.add(entry);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return;
        } catch (DirectoryIteratorException e) {
            unreadable.put(folder, e.getCause());
        } catch (IOException e) {
            unreadable.put(folder, e);
        }
        Collections.sort(here);
        found.addAll(here);
    }

    private static boolean hasWildcard(String name) {
        return name.chars().anyMatch(c -> "*?[{\\".indexOf(c) >= 0);
    }

    static boolean isCompressed(Path name) {
        String text = name.toString();
        return COMPRESSED.contains(text.substring(text.lastIndexOf('.') + 1));
    }

    @Override
    public String toString() {
        return text;
    }
}
