package io.granary.ingestion.pull;

import io.granary.warehouse.config.RemoteServer;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files of an HTTP server. A redirect is followed only to a server that the profile names as well. */
final class HttpFiles implements RemoteFiles {
    private static final int REDIRECTS = 5;

    private final RemoteServer server;
    private final WebServers allowed;
    private final Duration timeout;
    /** By server: each has its own trust. */
    private final Map<RemoteServer, HttpClient> clients = new HashMap<>();

    private final Map<String, String> headers;

    /** @param allowed servers that may be asked, this one among them */
    HttpFiles(RemoteServer server, WebServers allowed, Duration timeout) {
        this(server, allowed, timeout, Map.of());
    }

    /** @param headers sent to this server, and to no other that it redirects to */
    HttpFiles(RemoteServer server, WebServers allowed, Duration timeout, Map<String, String> headers) {
        this.headers = headers;
        this.server = server;
        this.allowed = allowed;
        this.timeout = timeout;
    }

    private HttpClient client(RemoteServer to) {
        HttpClient.Builder client =
                HttpClient.newBuilder().connectTimeout(timeout).followRedirects(HttpClient.Redirect.NEVER);
        return to.tls() ? client.sslContext(ServerTrust.of(to)).build() : client.build();
    }

    @Override
    public List<RemoteFile> list(String folder) {
        throw noLists();
    }

    @Override
    public List<String> folders(String folder) {
        throw noLists();
    }

    private GranaryException noLists() {
        return new GranaryException(
                ErrorCode.DEFINITION, server + " is an HTTP server, which lists no files: name each, or a manifest");
    }

    @Override
    public Optional<RemoteFile> find(String path) throws IOException {
        HttpResponse<InputStream> answer = send(path, "HEAD", 0, "");
        if (answer.statusCode() == 405 || answer.statusCode() == 501) {
            answer = send(path, "GET", 0, "");
        }
        try (InputStream body = answer.body()) {
            if (answer.statusCode() == 404 || answer.statusCode() == 410) {
                return Optional.empty();
            }
            refuseFailure(path, answer);
            return Optional.of(new RemoteFile(path, size(answer), version(answer)));
        }
    }

    @Override
    public Reading open(RemoteFile file, long offset) throws IOException {
        HttpResponse<InputStream> answer = send(file.path(), "GET", offset, file.version());
        if (answer.statusCode() == 416) {
            answer.body().close();
            answer = send(file.path(), "GET", 0, "");
        }
        boolean partial = answer.statusCode() == 206;
        try {
            refuseFailure(file.path(), answer);
            if (partial
                    && !answer.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + offset + "-")) {
                throw new IOException(file.path() + ": asked from byte " + offset + " on, the server sends "
                        + answer.headers().firstValue("Content-Range").orElse("something else"));
            }
        } catch (IOException | RuntimeException e) {
            answer.body().close();
            throw e;
        }
        return new Reading(new WatchedStream(answer.body(), timeout), partial ? offset : 0);
    }

    /** Asks, and follows redirects as far as the profile allows. */
    private HttpResponse<InputStream> send(String path, String method, long offset, String version) throws IOException {
        URI target = uri(path);
        for (int hop = 0; hop <= REDIRECTS; hop++) {
            RemoteServer to = allowed.require(target, server);
            HttpResponse<InputStream> answer = send(to, request(target, to, method, offset, version));
            if (!isRedirect(answer.statusCode())) {
                return answer;
            }
            answer.body().close();
            String location = answer.headers()
                    .firstValue("Location")
                    .orElseThrow(() -> new IOException(path + ": a redirect to nowhere"));
            target = resolved(target, location);
        }
        throw new GranaryException(ErrorCode.EXTERNAL, server + ": " + path + " is redirected more than 5 times");
    }

    private HttpRequest request(URI target, RemoteServer to, String method, long offset, String version) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target).timeout(timeout).method(method, HttpRequest.BodyPublishers.noBody());
        if (to.equals(server)) {
            headers.forEach(request::header);
        }
        if (!to.user().isEmpty()) {
            String pair = to.user() + ":" + to.password();
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
            request.header("If-Range", version);
        }
        return request.build();
    }

    private HttpResponse<InputStream> send(RemoteServer to, HttpRequest request) throws IOException {
        try {
            return clients.computeIfAbsent(to, this::client).send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw ServerTrust.refused(to, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted while asking " + to, e);
        }
    }

    private URI uri(String path) {
        try {
            if (path.startsWith("http:") || path.startsWith("https:")) {
                return new URI(path);
            }
            return new URI(server.tls() ? "https" : "http", null, server.host(), server.port(), path, null, null);
        } catch (URISyntaxException e) {
            throw new GranaryException(ErrorCode.DEFINITION, server + ": '" + path + "' is no path of a URL", e);
        }
    }

    private URI resolved(URI from, String location) {
        try {
            return from.resolve(new URI(location));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, server + " redirects " + from + " to '" + location + "', which is no URL", e);
        }
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private void refuseFailure(String path, HttpResponse<?> answer) throws IOException {
        int status = answer.statusCode();
        if (status == 401 || status == 403) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    server + " refuses " + path + " with status " + status
                            + ". Correct user and password of connections." + server.name() + " in the profile.");
        }
        if (status != 200 && status != 206) {
            throw new IOException(server + " answers " + path + " with status " + status);
        }
    }

    private static long size(HttpResponse<?> answer) {
        return answer.headers().firstValueAsLong("Content-Length").orElse(-1);
    }

    /** A weak tag says "much the same", which is not enough to go on in the middle. */
    private static String version(HttpResponse<?> answer) {
        return answer.headers()
                .firstValue("ETag")
                .filter(tag -> !tag.startsWith("W/"))
                .or(() -> answer.headers().firstValue("Last-Modified"))
                .orElse("");
    }

    @Override
    public void close() {
        // connections are kept by the clients and end with them
    }
}
