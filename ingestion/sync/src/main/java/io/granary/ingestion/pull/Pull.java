package io.granary.ingestion.pull;

import io.granary.ingestion.file.ArchiveLimits;
import io.granary.ingestion.file.FileLanding;
import io.granary.ingestion.file.FileLock;
import io.granary.ingestion.file.FileRows;
import io.granary.ingestion.sync.JobRun;
import io.granary.tablestore.Provenance;
import io.granary.warehouse.command.DurationText;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.FileFetch;
import io.granary.warehouse.manifest.SourceNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Lands a day's files of a server: complete, fetched, checked, then published whole. Again: nothing when they are the same,
 * the whole day anew when one has changed.
 */
final class Pull {
    private static final Duration USUAL_DEADLINE = Duration.ofDays(1);
    private static final String SIZE = "size";
    private static final String VERSION = "version";
    private static final int SIDECAR_BYTES = 1 << 20;

    private final Servers servers;
    private final FileLanding landing;
    private final Home home;
    private final Clock clock;
    private final PrintWriter progress;

    Pull(Servers servers, FileLanding landing, Home home, Clock clock, PrintWriter progress) {
        this.servers = servers;
        this.landing = landing;
        this.home = home;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Lands the day.
     *
     * @param every how often to look until the day is complete or its deadline has passed; null: look once
     */
    JobRun.Outcome run(SourceNode source, LocalDate ds, Duration every) {
        Path folder = home.root().resolve("pull").resolve(source.qualifiedName());
        FileLock lock = FileLock.take(
                folder.resolve(ds + ".lock"),
                source.qualifiedName() + " ds=" + ds + " is being pulled by another process");
        try {
            return pull(source, ds, every, folder.resolve(ds.toString()));
        } finally {
            lock.close();
        }
    }

    private JobRun.Outcome pull(SourceNode source, LocalDate ds, Duration every, Path folder) {
        FileFetch.Retry retry = source.fetch().retry();
        try (ServerCalls server = new ServerCalls(
                servers.of(source), retry.attempts(), DurationText.parse("retry.pause", retry.pause()), progress)) {
            Download download = new Download(server, folder);
            List<DayFiles.Expected> files =
                    complete(source, ds, every, new DayFiles(source.fetch(), ds, server, download));
            Optional<FileLanding.Seen> seen = landing.seen(source, ds.toString());
            Optional<FileLanding.Seen> before =
                    seen.filter(day -> day.definition().equals(FileLanding.definition(source)));
            if (before.isPresent() && isSame(source, files, before.get().inputs())) {
                return unchanged(source, ds, before.get());
            }
            List<Download.Fetched> fetched = new ArrayList<>();
            for (DayFiles.Expected file : files) {
                fetched.add(fetched(source, file, download));
            }
            List<Provenance.Input> inputs =
                    fetched.stream().map(file -> input(source, file)).toList();
            if (before.isPresent() && sums(before.get().inputs()).equals(sums(inputs))) {
                download.clear();
                return unchanged(source, ds, before.get());
            }
            before.ifPresent(day -> tellChanges(source, ds, day.inputs(), inputs));
            JobRun.Outcome outcome = land(source, ds, fetched, inputs, seen.orElse(null));
            download.clear();
            return outcome;
        }
    }

    private JobRun.Outcome land(
            SourceNode source,
            LocalDate ds,
            List<Download.Fetched> fetched,
            List<Provenance.Input> inputs,
            FileLanding.Seen seen) {
        FileRows rows = new FileRows(
                source,
                fetched.stream()
                        .map(f -> new FileRows.Input(f.file().path(), f.content()))
                        .toList(),
                ArchiveLimits.NORMAL);
        Path dirty = home.dirtyRows("pull." + source.qualifiedName() + "." + ds);
        FileLanding.Landed landed =
                landing.land(source, ds.toString(), rows, seen, FileLanding.Mode.REPLACE, inputs, dirty);
        if (!rows.ignored().isEmpty()) {
            say("  not taken, since no column has its name: " + String.join(", ", rows.ignored()));
        }
        if (landed.dirty() > 0) {
            say("  " + landed.dirty() + " rows were left out; they are in " + dirty);
        }
        return new JobRun.Outcome(
                landed.rows(), source.table(), "ds=" + ds, landed.run().value());
    }

    /** Looks until all is there, or says what is missing and whether it is late. */
    private List<DayFiles.Expected> complete(SourceNode source, LocalDate ds, Duration every, DayFiles day) {
        Duration patience =
                source.deadline() == null ? USUAL_DEADLINE : DurationText.parse("deadline", source.deadline());
        Instant due = ds.plusDays(1)
                .atStartOfDay(ZoneId.of(source.timeZone()))
                .toInstant()
                .plus(patience);
        boolean told = false;
        while (true) {
            DayFiles.Found found = day.look();
            if (found.missing() == null) {
                return found.files();
            }
            boolean late = !clock.instant().isBefore(due);
            if (late || every == null) {
                throw new GranaryException(
                        late ? ErrorCode.EXTERNAL : ErrorCode.NOT_FOUND,
                        source.qualifiedName() + " ds=" + ds + (late ? " is late: " : " is not complete yet: ")
                                + found.missing() + ". It was due " + due + " (deadline "
                                + patience.toHours() + " h after the day's end)."
                                + (late
                                        ? " Ask " + source.connection() + "'s owner; then pull again."
                                        : " Pull again later, or wait for it with --wait."));
            }
            if (!told) {
                say("  waiting until " + due + ": " + found.missing());
                told = true;
            }
            ServerCalls.sleep(every);
        }
    }

    private static Download.Fetched fetched(SourceNode source, DayFiles.Expected expected, Download download) {
        RemoteFile file = expected.file();
        FileSum sum = expected.sum() != null ? expected.sum() : sidecar(source, file, download);
        Download.Fetched fetched = download.fetch(file);
        if (sum == null) {
            return fetched;
        }
        try {
            sum.check(file, fetched.content());
            return fetched;
        } catch (GranaryException e) {
            // once more from the begin: what an earlier attempt left may be of another file
            delete(fetched);
        }
        fetched = download.fetch(file);
        try {
            sum.check(file, fetched.content());
        } catch (GranaryException e) {
            delete(fetched);
            throw e;
        }
        return fetched;
    }

    private static void delete(Download.Fetched fetched) {
        try {
            Files.deleteIfExists(fetched.content());
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot remove " + fetched.content() + ": " + e, e);
        }
    }

    private static FileSum sidecar(SourceNode source, RemoteFile file, Download download) {
        if (source.fetch().checksum() == null) {
            return null;
        }
        String path = file.path() + "." + source.fetch().checksum();
        String text = download.text(path, SIDECAR_BYTES)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DATA, file.path() + " has no " + path + " beside it. Nothing was published."));
        return FileSum.in(path, text, file.name());
    }

    private static String name(SourceNode source, RemoteFile file) {
        return source.connection() + ":" + file.path();
    }

    private static Provenance.Input input(SourceNode source, Download.Fetched file) {
        return new Provenance.Input(
                name(source, file.file()),
                List.of(file.sha256()),
                Map.of(
                        SIZE,
                        String.valueOf(file.file().size()),
                        VERSION,
                        file.file().version()));
    }

    private static Map<String, List<String>> sums(List<Provenance.Input> inputs) {
        Map<String, List<String>> sums = new LinkedHashMap<>();
        inputs.forEach(input -> sums.put(input.table(), input.versions()));
        return sums;
    }

    /** Whether the server shows what was landed; a server that does not say sizes and times has to be read. */
    private static boolean isSame(SourceNode source, List<DayFiles.Expected> files, List<Provenance.Input> before) {
        Map<String, Provenance.Input> byName = new LinkedHashMap<>();
        before.forEach(input -> byName.put(input.table(), input));
        return files.size() == before.size()
                && files.stream().allMatch(expected -> {
                    RemoteFile file = expected.file();
                    Provenance.Input then = byName.get(name(source, file));
                    return then != null
                            && file.isSameAs(new RemoteFile(
                                    file.path(),
                                    Long.parseLong(then.partitions().getOrDefault(SIZE, "-1")),
                                    then.partitions().getOrDefault(VERSION, "")));
                });
    }

    private void tellChanges(
            SourceNode source, LocalDate ds, List<Provenance.Input> before, List<Provenance.Input> now) {
        Map<String, List<String>> then = sums(before);
        Map<String, List<String>> today = sums(now);
        List<String> changes = new ArrayList<>();
        for (String name : new TreeSet<>(today.keySet())) {
            if (!then.containsKey(name)) {
                changes.add(name + " is new");
            } else if (!then.get(name).equals(today.get(name))) {
                changes.add(name + " has changed");
            }
        }
        then.keySet().stream().filter(name -> !today.containsKey(name)).forEach(name -> changes.add(name + " is gone"));
        say("  " + source.qualifiedName() + " ds=" + ds + " was landed before and is not the same any more: "
                + String.join(", ", changes) + ". The day is published again.");
    }

    private JobRun.Outcome unchanged(SourceNode source, LocalDate ds, FileLanding.Seen seen) {
        say("  " + source.qualifiedName() + " ds=" + ds + " has these files already: nothing to do");
        return new JobRun.Outcome(
                seen.rows(), source.table(), "ds=" + ds, seen.partition().run().value());
    }

    private void say(String what) {
        progress.println(what);
        progress.flush();
    }
}
