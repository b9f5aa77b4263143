package io.granary.warehouse.command;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options every verb takes; a mixin of each command. */
public final class CommonOptions {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:GRANARY_HOME:-.granary}",
            description = "State folder (default: $GRANARY_HOME or .granary)")
    private Path home;

    @Option(
            names = "--project",
            paramLabel = "DIR",
            defaultValue = "${env:GRANARY_PROJECT:-}",
            description = "Project folder with subjects/ (default: the reference warehouse)")
    private String project;

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            defaultValue = "${env:GRANARY_PROFILE:-}",
            description = "Profile with the addresses of the stores (default: <home>/profile.yaml)")
    private String profile;

    public Home home() {
        return new Home(home);
    }

    public Path project() {
        return project.isEmpty() ? distribution().resolve("warehouse") : Path.of(project);
    }

    /** Whether a project was named, or a distribution brings one. */
    public boolean hasProject() {
        return !project.isEmpty() || System.getenv("GRANARY_DIST") != null;
    }

    public Profile profile() {
        return Profile.load(profileFile(), System.getenv());
    }

    /** File of the profile. */
    public Path profileFile() {
        return profile.isEmpty() ? home().profile() : Path.of(profile);
    }

    /** Other verbs, with the same home, project and profile as this one. */
    public VerbProgram verbs() {
        List<String> options = new ArrayList<>(List.of("--home", home().root().toString()));
        passOn(options, "--project", project);
        passOn(options, "--profile", profile);
        return new VerbProgram(distribution().resolve("bin/granary"), options);
    }

    private static void passOn(List<String> options, String name, String path) {
        if (!path.isEmpty()) {
            options.add(name);
            options.add(Path.of(path).toAbsolutePath().normalize().toString());
        }
    }

    /** The folder of the distribution this process was started from. */
    public static Path distribution() {
        String dist = System.getenv("GRANARY_DIST");
        if (dist == null || dist.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.USAGE, "GRANARY_DIST is not set: start Granary by its launcher, bin/granary");
        }
        return Path.of(dist);
    }
}
