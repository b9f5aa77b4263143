package io.granary.ingestion.sync.export;

import io.granary.tablestore.RunId;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.Optional;

/**
 * What an export has put, or is to put, into the sharing layer.
 *
 * @param export id of the export
 * @param run that built the day in the warehouse
 */
record ExportedVersion(String export, String ds, RunId run) {

    /** As the sharing layer keeps it. */
    String label() {
        return export + " " + ds + " " + run;
    }

    /** Reads {@link #label}; nothing when a job written by hand has put something else there. */
    static Optional<ExportedVersion> parse(String label) {
        String[] parts = label.split(" ", -1);
        try {
            return parts.length == 3
                    ? Optional.of(new ExportedVersion(parts[0], parts[1], new RunId(parts[2])))
                    : Optional.empty();
        } catch (GranaryException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether nothing is to be done, since it is there already.
     *
     * @param there what is in the place it would take
     * @throws GranaryException when what is there is newer: a later day, or the same day built later
     */
    boolean isThere(ExportedVersion there) {
        if (!there.export.equals(export)) {
            return false;
        }
        int days = there.ds.compareTo(ds);
        if (days > 0 || (days == 0 && there.run.compareTo(run) > 0)) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "export " + export + ": the sharing layer has ds=" + there.ds + " of run " + there.run
                            + ", which is newer than ds=" + ds + " of run " + run
                            + ". Nothing was changed; with --force the older one takes its place.");
        }
        return there.equals(this);
    }
}
