package io.granary.warehouse.manifest;

/**
 * Files that are fetched from a server or given by a person: where they are, what makes them complete, what is in them.
 *
 * @param path on the server, with {@code {ds}} or {@code {ds:yyyyMMdd}} for the day and {@code * ?} in its last name;
 *     null for files that a person gives
 * @param csv how the values stand in a file; null where a line is a JSON object
 * @param complete what tells that a day's files are all there and whole; null: that they are there
 * @param checksum {@code md5} or {@code sha256}: beside each file is one of that name with its sum; null: there is none
 * @param retry of a server that does not answer; null for files that a person gives
 * @param errors rows that may be left out, kept with the reason; null: none
 */
public record FileFetch(
        String path, Csv csv, Completeness complete, String checksum, Retry retry, TableRead.Errors errors) {

    /**
     * Separated values.
     *
     * @param delimiter one character
     * @param quote one character
     * @param header the first line names the columns, in any order; else they stand as declared
     * @param encoding a charset's name
     * @param nullText what stands for NULL when it is not quoted
     */
    public record Csv(String delimiter, String quote, boolean header, String encoding, String nullText) {}

    /**
     * One of three.
     *
     * @param marker path of a file that is written last; {@code {file}} in it stands for each file's own path
     * @param manifest path of a file that lists the others, with sizes and checksums
     * @param stableFor such as {@code 60s}: neither size nor time of change differ for so long
     */
    public record Completeness(String marker, String manifest, String stableFor) {}

    /**
     * Tries.
     *
     * @param attempts at least 1
     * @param pause such as {@code 2s}, before the second; doubled before each that follows
     */
    public record Retry(int attempts, String pause) {}
}
