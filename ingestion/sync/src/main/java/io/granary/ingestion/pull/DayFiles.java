package io.granary.ingestion.pull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.command.DurationText;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.FileFetch;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The files of a day on a server, and whether they are all there and whole. */
final class DayFiles {
    private static final int MANIFEST_BYTES = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileFetch fetch;
    private final LocalDate ds;
    private final DayPath path;
    private final ServerCalls server;
    private final Download download;

    DayFiles(FileFetch fetch, LocalDate ds, ServerCalls server, Download download) {
        this.fetch = fetch;
        this.ds = ds;
        this.path = DayPath.of(fetch.path(), ds);
        this.server = server;
        this.download = download;
    }

    /**
     * What was found.
     *
     * @param missing why the day is not complete; null when it is
     */
    record Found(List<Expected> files, String missing) {
        static Found missing(String why) {
            return new Found(List.of(), why);
        }
    }

    /** A file of the day and the sum it must have; null where nobody says it. */
    record Expected(RemoteFile file, FileSum sum) {}

    DayPath path() {
        return path;
    }

    Found look() {
        FileFetch.Completeness complete = fetch.complete();
        if (complete != null && complete.manifest() != null) {
            return listed(DayPath.text(complete.manifest(), ds));
        }
        if (complete != null && complete.marker() != null) {
            return marked(DayPath.text(complete.marker(), ds));
        }
        List<RemoteFile> files = files();
        if (complete != null && complete.stableFor() != null && !files.isEmpty()) {
            ServerCalls.sleep(DurationText.parse("stable_for", complete.stableFor()));
            if (!files().equals(files)) {
                return Found.missing("files at " + path + " are still being written");
            }
        }
        return found(files);
    }

    private Found found(List<RemoteFile> files) {
        if (files.isEmpty()) {
            return Found.missing("there is no file " + path);
        }
        return new Found(files.stream().map(f -> new Expected(f, null)).toList(), null);
    }

    private Found marked(String marker) {
        if (!marker.contains("{file}")) {
            boolean there =
                    server.ask("looking for " + marker, f -> f.find(marker)).isPresent();
            return there ? found(files()) : Found.missing("marker " + marker + " is not there");
        }
        List<RemoteFile> files = files();
        for (RemoteFile file : files) {
            String own = marker.replace("{file}", file.path());
            if (server.ask("looking for " + own, f -> f.find(own)).isEmpty()) {
                return Found.missing("marker " + own + " is not there");
            }
        }
        return found(files);
    }

    /** Files by name; what a pattern would take of markers and sums is no file of rows. */
    private List<RemoteFile> files() {
        if (path.isOne()) {
            return server.ask("looking for " + path, f -> f.find(path.toString())).stream()
                    .toList();
        }
        String marker = fetch.complete() == null ? null : fetch.complete().marker();
        return server.ask("listing " + path.folder(), f -> f.list(path.folder())).stream()
                .filter(f -> path.matches(f.name()))
                .filter(f -> fetch.checksum() == null || !f.name().endsWith("." + fetch.checksum()))
                .filter(f -> marker == null || !isMarker(f, marker))
                .sorted(Comparator.comparing(RemoteFile::path))
                .toList();
    }

    private boolean isMarker(RemoteFile file, String marker) {
        return marker.startsWith("{file}")
                ? file.path().endsWith(marker.substring("{file}".length()))
                : file.path().equals(DayPath.text(marker, ds));
    }

    private Found listed(String manifest) {
        Optional<String> text = download.text(manifest, MANIFEST_BYTES);
        if (text.isEmpty()) {
            return Found.missing("manifest " + manifest + " is not there");
        }
        String folder = manifest.substring(0, manifest.lastIndexOf('/') + 1);
        List<Expected> files = new ArrayList<>();
        for (Listed listed :
                text.get().stripLeading().startsWith("{") ? json(manifest, text.get()) : lines(text.get())) {
            if (!path.matches(listed.name().substring(listed.name().lastIndexOf('/') + 1))) {
                continue;
            }
            String at = at(manifest, folder, listed.name());
            Optional<RemoteFile> file = server.ask("looking for " + at, f -> f.find(at));
            if (file.isEmpty()) {
                return Found.missing("manifest " + manifest + " lists " + at + ", which is not there");
            }
            if (listed.size() >= 0
                    && file.get().size() >= 0
                    && listed.size() != file.get().size()) {
                return Found.missing("manifest " + manifest + " says that " + at + " has " + listed.size()
                        + " bytes, it has " + file.get().size());
            }
            files.add(new Expected(file.get(), listed.sum()));
        }
        return files.isEmpty()
                ? Found.missing("manifest " + manifest + " lists no file " + path.name())
                : new Found(files, null);
    }

    private static String at(String manifest, String folder, String name) {
        if (name.startsWith("/") || List.of(name.split("[/\\\\]")).contains("..")) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    manifest + " lists '" + name + "', which does not lie below its folder. Nothing was read.");
        }
        return folder + name;
    }

    /** A file as the manifest lists it; {@code size} -1 where it does not say. */
    private record Listed(String name, long size, FileSum sum) {}

    private static List<Listed> json(String manifest, String text) {
        try {
            List<Listed> files = new ArrayList<>();
            for (JsonNode file : JSON.readTree(text).path("files")) {
                String sum = file.path("sha256").asText(file.path("md5").asText(""));
                files.add(new Listed(
                        file.path("name").asText(),
                        file.path("size").asLong(-1),
                        sum.isEmpty() ? null : FileSum.of(manifest, sum)));
            }
            return files;
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.DATA, manifest + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static List<Listed> lines(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.matches("[0-9A-Fa-f]{32,64}\\s+\\S.*"))
                .map(line -> line.split("\\s+\\*?", 2))
                .map(parts -> new Listed(parts[1], -1, FileSum.of("the manifest", parts[0])))
                .toList();
    }
}
