package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where a file really is: its name may change, this does not. */
record Inode(long device, long number) {

    /** What a look at a path found. */
    record Sight(Inode inode, boolean isFile, long size) {}

    /** Looks at a path; a symbolic link is followed. */
    static Sight look(Path path) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:dev,ino,size,isRegularFile");
        return new Sight(
                new Inode((Long) found.get("dev"), (Long) found.get("ino")),
                (Boolean) found.get("isRegularFile"),
                (Long) found.get("size"));
    }

    /** @throws IllegalArgumentException when it is not {@code <device>.<number>} */
    static Inode parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("'" + text + "' is not <device>.<inode>");
        }
        return new Inode(Long.parseLong(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
    }

    @Override
    public String toString() {
        return device + "." + number;
    }
}
