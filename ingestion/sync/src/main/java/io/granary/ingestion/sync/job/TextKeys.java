package io.granary.ingestion.sync.job;

/**
 * The keys by which readers of text files say how rows stand in them. In JSON they stand among the reader's own keys. Null:
 * the default of {@link TextFormat}.
 *
 * @param encoding name of a character set
 * @param fieldDelimiter one character
 * @param compress {@code zip, gzip, bzip2}
 */
public record TextKeys(
        String encoding,
        String fieldDelimiter,
        Boolean skipHeader,
        String nullFormat,
        String compress,
        CsvReaderConfig csvReaderConfig) {
    /** Name of the component in which a reader holds them; no plugin of DataX has a key of this name. */
    static final String COMPONENT = "text";

    /** What they say together; {@code plugin} names the reader in messages. */
    TextFormat format(String plugin) {
        return TextFormat.of(plugin, encoding, fieldDelimiter, skipHeader, nullFormat, compress, csvReaderConfig);
    }
}
