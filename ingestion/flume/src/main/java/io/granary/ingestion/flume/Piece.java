package io.granary.ingestion.flume;

/**
 * A part of a file for the channel.
 *
 * @param id generation it belongs to
 * @param site site of its lines
 * @param start first byte
 * @param end first byte after it
 * @param firstLine number of its first line, from 1
 * @param lines how many lines it is; of {@link Kind#LOSS} an estimate
 * @param body its bytes; of {@link Kind#OVERSIZE} the first ones
 */
record Piece(
        Kind kind,
        String id,
        String site,
        boolean inbox,
        int partition,
        long start,
        long end,
        long firstLine,
        long lines,
        byte[] body) {

    /** What a record is; its name in small letters is the header {@code kind}. */
    enum Kind {
        /** Whole lines. */
        CHUNK,
        /** One line that is too long: its body is only its beginning. */
        OVERSIZE,
        /** The file was cut in place: what was in this range is lost. */
        LOSS,
        /** The agent lives, and how far it has read. */
        HEARTBEAT
    }
}
