package io.granary.ingestion.pull;

/**
 * A file as its server shows it.
 *
 * @param path from the server's root
 * @param size in bytes; -1 when the server does not say
 * @param version what changes when the file does: time of change or entity tag; empty when the server does not say
 */
record RemoteFile(String path, long size, String version) {
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Whether this is surely the same content that the other was. */
    boolean isSameAs(RemoteFile other) {
        return equals(other) && size >= 0 && !version.isEmpty();
    }
}
