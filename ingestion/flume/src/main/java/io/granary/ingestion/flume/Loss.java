package io.granary.ingestion.flume;

/**
 * What a cut in place took away: the bytes from the position to {@code end}.
 *
 * @param end size of the file when it was last seen, at least the position's offset
 * @param lines how many lines that may have been, 0 when no unread byte was seen
 */
record Loss(String id, String site, Position position, long end, long lines) {
    private static final long BYTES_A_LINE = 100;

    static Loss of(String id, String site, Position position, long seen) {
        long end = Math.max(position.offset(), seen);
        return new Loss(id, site, position, end, estimate(position, end - position.offset()));
    }

    private static long estimate(Position position, long bytes) {
        if (bytes == 0) {
            return 0;
        }
        long average = position.lines() == 0 ? BYTES_A_LINE : Math.max(1, position.offset() / position.lines());
        return Math.max(1, bytes / average);
    }

    Piece piece() {
        return new Piece(
                Piece.Kind.LOSS,
                id,
                site,
                false,
                position.partition(),
                position.offset(),
                end,
                position.lines() + 1,
                lines,
                new byte[0]);
    }

    /** Where the generation ends once the loss is sent. */
    Position after() {
        return position.advanced(end, lines, Trail.NONE);
    }
}
