package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Instant;

/** Says of a file or folder that cannot be read which setting names it, and what to do. */
final class ReadTroubles {
    private final TailSettings settings;
    private final Complaints complaints;

    ReadTroubles(TailSettings settings, Complaints complaints) {
        this.settings = settings;
        this.complaints = complaints;
    }

    void unreadable(Path path, IOException e, Instant now) {
        String why = e instanceof AccessDeniedException
                ? "user " + System.getProperty("user.name") + " has no permission; let that user read it"
                : e.toString();
        String setting = settings.files(path)
                .map(FileSet::described)
                .orElseGet(() -> settings.files().stream()
                        .filter(f -> f.glob().toString().startsWith(path.toString()))
                        .findFirst()
                        .map(FileSet::described)
                        .orElse("its files"));
        complaints.say(now, "cannot read " + path + " of " + settings.source() + " (" + setting + "): " + why);
    }
}
