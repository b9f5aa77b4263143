package io.granary.ingestion.file;

/**
 * What a packed file may become.
 *
 * @param bytes unpacked, all entries together
 * @param ratio times its own size; asked from 16 MiB unpacked on
 * @param entries of an archive, folders too
 */
public record ArchiveLimits(long bytes, int ratio, int entries) {
    public static final ArchiveLimits NORMAL = new ArchiveLimits(100L << 30, 200, 10_000);

    /** Small files may be packed well: below this the ratio says nothing. */
    static final long RATIO_FROM = 16 << 20;
}
