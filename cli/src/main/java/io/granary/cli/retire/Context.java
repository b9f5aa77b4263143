package io.granary.cli.retire;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;

/**
 * What every step of a retirement works with.
 *
 * @param profile read when a store is needed; throws when there is none
 */
record Context(
        SubjectFolder folder, Home home, Supplier<Profile> profile, Platform platform, Clock clock, Journal journal) {

    String subject() {
        return folder.subject();
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Announces or confirms a stage, on the disk. */
    Retired note(Retired retired, Stage stage) {
        Retired next = retired.at(stage, now());
        folder.record().write(next);
        journal.changed();
        return next;
    }

    /**
     * Opens the stores that a subject's data is in.
     *
     * @throws GranaryException when one does not answer, or they are not those in which it was put into quarantine
     */
    Stores stores(Retired retired) {
        try {
            Profile installation = profile.get();
            if (retired.profile() != null && !retired.profile().equals(installation.name())) {
                throw new GranaryException(
                        ErrorCode.USAGE,
                        subject() + " was put into quarantine in the stores of profile '" + retired.profile()
                                + "', this is profile '" + installation.name()
                                + "'. Name the right one with --profile or --home.");
            }
            return Stores.open(installation, retired.holdings(), clock);
        } catch (GranaryException e) {
            throw new GranaryException(e.code(), e.getMessage() + "\nNothing was changed.", e);
        }
    }

    /** The project as it stands. */
    Manifest compile() {
        return platform.compile(folder.project(), home);
    }

    /** The project as it would be with or without the subject, compiled elsewhere. */
    Manifest rehearse(boolean with) {
        Path scratch = null;
        try {
            Files.createDirectories(home.target());
            scratch = Files.createTempDirectory(home.target(), "retire-");
            Path copy = scratch.resolve(
                    folder.project().toAbsolutePath().normalize().getFileName().toString());
            folder.rehearse(copy, with);
            return platform.compile(copy, new Home(scratch.resolve("home")));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write in " + home.target() + ": " + e, e);
        } finally {
            discard(scratch);
        }
    }

    private static void discard(Path scratch) {
        try {
            if (scratch != null) {
                SubjectFolder.delete(scratch);
            }
        } catch (IOException e) {
            // a scratch folder in target/ harms nobody
        }
    }

    /** Components that still work by the manifest before are started again, or named to who runs them. */
    void restart(List<String> components, Instant startedBefore) {
        if (components.isEmpty()) {
            return;
        }
        if (!platform.isLocal()) {
            journal.say("start again where they run, they read the manifest at the start: "
                    + String.join(", ", components));
            return;
        }
        for (String component : platform.runningSince(startedBefore, components)) {
            platform.restart(component);
            journal.say(component + " started again with the new manifest");
            journal.changed();
        }
    }
}
