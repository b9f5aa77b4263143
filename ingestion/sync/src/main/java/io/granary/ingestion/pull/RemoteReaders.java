package io.granary.ingestion.pull;

import io.granary.ingestion.file.JobFiles;
import io.granary.ingestion.sync.job.FtpReader;
import io.granary.ingestion.sync.job.HttpReader;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.config.RemoteServer;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code ftpreader} and {@code httpreader} of DataX jobs: they read from servers that the profile names, and no others. */
public final class RemoteReaders {
    private static final int ATTEMPTS = 5;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final PrintWriter SILENT = new PrintWriter(Writer.nullWriter());

    private RemoteReaders() {}

    /** Files of an FTP or SFTP server. */
    public static RowReader open(FtpReader from, Profile profile) {
        RemoteServer server = server(from, profile);
        ServerCalls.Opening opening = new Servers(profile, Duration.ofMillis(from.timeout())).of(server);
        List<String> files = new ArrayList<>();
        try (ServerCalls calls = new ServerCalls(opening, ATTEMPTS, PAUSE, SILENT)) {
            from.path().forEach(path -> list(calls, path, from.maxTraversalLevel(), files));
        }
        Path folder = folder();
        JobFiles.Place place = file -> {
            try (ServerCalls calls = new ServerCalls(opening, ATTEMPTS, PAUSE, SILENT)) {
                RemoteFile found = calls.ask("looking for " + file, f -> f.find(file))
                        .orElseThrow(() -> new GranaryException(
                                ErrorCode.NOT_FOUND, FtpReader.NAME + ": " + file + " is gone from " + server));
                return new Download(calls, folder).fetch(found).content();
            }
        };
        return JobFiles.csv(
                FtpReader.NAME, from.textFormat(), from.column(), files, place, () -> Download.remove(folder));
    }

    /** A password goes only to the server it belongs to. */
    private static RemoteServer server(FtpReader from, Profile profile) {
        String reference = from.password() == null ? "" : from.password();
        if (!reference.matches("\\$\\{connection:[^}]+}") || from.privateKey() != null) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    FtpReader.NAME
                            + ": the password of a server is ${connection:NAME} of the profile, which also holds its"
                            + " host key or private key");
        }
        RemoteServer server = profile.remote(reference.substring("${connection:".length(), reference.length() - 1));
        boolean same = server.type().equals(from.protocol())
                && server.host().equals(from.host())
                && server.port() == from.port()
                && server.user().equals(from.username());
        if (!same) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    FtpReader.NAME + ": the job names " + from.username() + " at " + from.protocol() + " " + from.host()
                            + ":" + from.port() + ", connection " + server
                            + " of the profile is another. Correct one of them.");
        }
        return server;
    }

    private static void list(ServerCalls calls, String path, int depth, List<String> files) {
        DayPath pattern =
                new DayPath(path.substring(0, path.lastIndexOf('/') + 1), path.substring(path.lastIndexOf('/') + 1));
        boolean one = pattern.isOne() && !pattern.name().isEmpty();
        if (one && calls.ask("looking for " + path, f -> f.find(path)).isPresent()) {
            files.add(path);
            return;
        }
        String folder = one ? path + "/" : pattern.folder();
        List<String> found = calls.ask("listing " + folder, f -> f.list(folder)).stream()
                .filter(f -> one || pattern.name().isEmpty() || pattern.matches(f.name()))
                .map(RemoteFile::path)
                .sorted()
                .toList();
        files.addAll(found);
        List<String> below = depth <= 1 || !one && !pattern.name().isEmpty()
                ? List.of()
                : calls.ask("listing " + folder, f -> f.folders(folder));
        below.forEach(inner -> list(calls, inner + "/", depth - 1, files));
        if (found.isEmpty() && below.isEmpty()) {
            throw new GranaryException(ErrorCode.NOT_FOUND, FtpReader.NAME + ": there is no file " + path);
        }
    }

    /** What GET answers. */
    public static RowReader open(HttpReader from, Profile profile) {
        Map<String, String> headers = new TreeMap<>();
        from.headers().forEach((name, value) -> headers.put(name, profile.resolve(value)));
        WebServers servers = new WebServers(profile.webServers());
        Path folder = folder();
        JobFiles.Place place = url -> {
            RemoteServer server = server(from, url, servers);
            ServerCalls.Opening opening =
                    () -> new HttpFiles(server, servers, Duration.ofMillis(from.timeout()), headers);
            try (ServerCalls calls = new ServerCalls(opening, ATTEMPTS, PAUSE, SILENT)) {
                return calls.ask("reading " + server, files -> copy(files, url, folder));
            }
        };
        from.url().forEach(url -> server(from, url, servers));
        return from.format().equals("csv")
                ? JobFiles.csv(
                        HttpReader.NAME,
                        from.textFormat(),
                        from.column(),
                        from.url(),
                        place,
                        () -> Download.remove(folder))
                : JobFiles.json(
                        from.format().equals("jsonl"),
                        from.resultKey(),
                        from.column(),
                        from.url(),
                        place,
                        () -> Download.remove(folder));
    }

    private static Path copy(RemoteFiles files, String url, Path folder) throws IOException {
        Path content = Files.createTempFile(folder, "answer-", ".part");
        try (InputStream in = files.open(new RemoteFile(url, -1, ""), 0).in()) {
            Files.copy(in, content, StandardCopyOption.REPLACE_EXISTING);
        }
        return content;
    }

    private static RemoteServer server(HttpReader from, String url, WebServers servers) {
        RemoteServer server;
        try {
            server = servers.of(new URI(url))
                    .orElseThrow(() -> new GranaryException(
                            ErrorCode.DEFINITION,
                            HttpReader.NAME + ": " + url.replaceAll("[?].*", "")
                                    + " is on no server of the profile; name it" + " under connections (type: http)"));
        } catch (java.net.URISyntaxException e) {
            throw new GranaryException(ErrorCode.DEFINITION, HttpReader.NAME + ": url is no URL: " + e.getReason(), e);
        }
        boolean mine = from.username() == null
                || server.user().equals(from.username())
                        && from.password().equals("${connection:" + server.name() + "}");
        if (!mine) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    HttpReader.NAME + ": user " + from.username() + " is not that of connection " + server
                            + "; the password is ${connection:" + server.name() + "}");
        }
        return server;
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("granary-read-");
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot make a temporary folder: " + e, e);
        }
    }
}
