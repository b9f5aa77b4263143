package io.granary.ingestion.flume;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a file generation: where the file was when it was first seen, the hash of its first line, and a number from
 * 2 on when the same file was cut in place and begins alike.
 */
record GenerationId(Inode inode, String hash, int number) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,19})\\.(\\d{1,19})-([0-9a-f]{16})(?:-(\\d{1,9}))?");

    /** Nothing when it is the id of an ingested file. */
    static Optional<GenerationId> parse(String text) {
        Matcher found = TEXT.matcher(text);
        if (!found.matches()) {
            return Optional.empty();
        }
        Inode inode = new Inode(Long.parseLong(found.group(1)), Long.parseLong(found.group(2)));
        int number = found.group(4) == null ? 1 : Integer.parseInt(found.group(4));
        return Optional.of(new GenerationId(inode, found.group(3), number));
    }

    GenerationId next() {
        return new GenerationId(inode, hash, number + 1);
    }

    @Override
    public String toString() {
        return inode + "-" + hash + (number == 1 ? "" : "-" + number);
    }
}
