package io.granary.ingestion.flume;

import java.nio.file.Path;

/**
 * Files that a source reads in one way.
 *
 * @param setting the setting that names them, such as {@code files.f1.glob}
 * @param site the site their lines belong to; null for {@link Identity#NAME}, where it is the folder's name
 */
record FileSet(String setting, String site, Glob glob, Identity identity) {

    /** What makes a file the same file. */
    enum Identity {
        /** Device, inode and first line: a log that is written on and rotated. */
        INODE,
        /** The file's name without {@code .log}: a file that was moved in whole and never changes. */
        NAME
    }

    /** The setting and its value. */
    String described() {
        return setting + " = " + glob;
    }

    boolean isByName() {
        return identity == Identity.NAME;
    }

    String site(Path file) {
        return isByName() ? file.getParent().getFileName().toString() : site;
    }

    /** The name of a file under {@link Identity#NAME}. */
    static String nameOf(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".log") ? name.substring(0, name.length() - ".log".length()) : name;
    }
}
