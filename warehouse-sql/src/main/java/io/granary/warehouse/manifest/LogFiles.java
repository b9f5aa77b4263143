package io.granary.warehouse.manifest;

/**
 * Files of one site.
 *
 * @param glob may hold references of the profile
 * @param hosts host group of the profile whose machines have these files; null when every agent has them
 */
public record LogFiles(String site, String glob, String hosts) {

    /** Files that every agent has. */
    public LogFiles(String site, String glob) {
        this(site, glob, null);
    }
}
