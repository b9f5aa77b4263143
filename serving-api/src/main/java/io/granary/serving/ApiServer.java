package io.granary.serving;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: its paths, and the one place where failures become problem documents. */
final class ApiServer implements AutoCloseable {
    /** Loopback only: there is no access check yet. */
    static final String HOST = "127.0.0.1";

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int THREADS = 64;
    private static final int MOST_HEADER_BYTES = 8 * 1024;
    private static final long MOST_BODY_BYTES = 16 * 1024;
    private static final Duration FINISH = Duration.ofSeconds(10);

    private final List<Route> routes;
    private final Javalin javalin;

    ApiServer(LiveManifest manifest, Counters counters, Reports reports, Health health) {
        routes = routes(manifest, counters, reports, health);
        javalin = Javalin.create(this::configure);
    }

    List<Route> routes() {
        return routes;
    }

    /**
     * Listens on {@link #HOST}.
     *
     * @param port 0 for any free one
     * @throws GranaryException RESOURCES when the port is taken
     */
    void start(int port) {
        try {
            javalin.start(HOST, port);
        } catch (JavalinBindException e) {
            throw new GranaryException(
                    ErrorCode.RESOURCES,
                    "port " + port + " of " + HOST + " cannot be listened on: it is taken or not allowed."
                            + " Name another one with --port.",
                    e);
        }
    }

    int port() {
        return javalin.port();
    }

    /** Takes no new requests, lets running ones finish for {@link #FINISH}, and stops. */
    @Override
    public void close() {
        javalin.stop();
    }

    private static List<Route> routes(LiveManifest manifest, Counters counters, Reports reports, Health health) {
        Index index = new Index(manifest);
        byte[] spec = resource("/openapi.yaml");
        return List.of(
                new Route("/", Set.of(), (context, parameters) -> index.answer(context)),
                new Route(
                        "/openapi.yaml",
                        Set.of(),
                        (context, parameters) ->
                                context.contentType("application/yaml").result(spec)),
                new Route("/health", Set.of(), (context, parameters) -> answer(context, health.ready())),
                new Route("/health/live", Set.of(), (context, parameters) -> answer(context, health.live())),
                new Route("/health/ready", Set.of(), (context, parameters) -> answer(context, health.ready())),
                new Route(
                        "/api/v1/counters/{counter}",
                        Set.of("window", "bucket", Parameters.BY),
                        (context, parameters) ->
                                answer(context, 200, counters.single(context.pathParam("counter"), parameters))),
                new Route(
                        "/api/v1/counters/{counter}/series",
                        Set.of("window", "from", "to", Parameters.BY),
                        (context, parameters) ->
                                answer(context, 200, counters.series(context.pathParam("counter"), parameters))),
                new Route(
                        "/api/v1/counters/{counter}/top",
                        Set.of("window", "bucket", "measure", Parameters.BY),
                        (context, parameters) ->
                                answer(context, 200, counters.top(context.pathParam("counter"), parameters))),
                new Route("/api/v1/reports", Set.of(), (context, parameters) -> answer(context, 200, reports.list())),
                new Route(
                        "/api/v1/reports/{report}",
                        Set.of("ds"),
                        (context, parameters) ->
                                answer(context, 200, reports.answer(context.pathParam("report"), parameters))));
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.http.prefer405over404 = true;
        config.http.maxRequestSize = MOST_BODY_BYTES;
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 8);
        threads.setName("http");
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(ApiServer::configure);
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(MOST_HEADER_BYTES);
        });
        config.routes.before(ApiServer::guard);
        for (Route route : routes) {
            config.routes.get(route.path(), context -> route.answering().answer(context, parameters(context, route)));
        }
        config.routes.exception(Exception.class, ApiServer::answer);
        // Javalin's own answers to these would win over the line above.
        config.routes.exception(HttpResponseException.class, ApiServer::answer);
        config.router.javaLangErrorHandler((response, error) -> {
            LOG.error("error", error);
            response.setStatus(500);
        });
    }

    private static void configure(Server server) {
        server.setErrorHandler(new JettyProblems());
        server.setStopTimeout(FINISH.toMillis());
        server.setHandler(new GracefulHandler());
    }

    private static void guard(Context context) {
        context.header("X-Content-Type-Options", "nosniff").header("Cache-Control", "no-store");
        if (context.contentLength() > MOST_BODY_BYTES) {
            throw new HttpResponseException(413, "A request's body may have " + MOST_BODY_BYTES + " bytes.");
        }
    }

    private static Parameters parameters(Context context, Route route) {
        Map<String, List<String>> given;
        try {
            given = context.queryParamMap();
        } catch (IllegalArgumentException e) {
            throw new GranaryException(ErrorCode.USAGE, "the query is not percent-encoded correctly.", e);
        }
        return Parameters.of(given, route.parameters());
    }

    private static void answer(Context context, Health.State state) {
        answer(context, state.isUp() ? 200 : 503, state);
    }

    static void answer(Context context, int status, Object answer) {
        context.status(status).contentType("application/json").result(Json.bytes(answer));
    }

    private static void answer(Exception failure, Context context) {
        Problem problem = problem(failure, context);
        if (problem.status() == 405) {
            context.header("Allow", "GET, HEAD");
        }
        context.status(problem.status()).contentType(Problem.CONTENT_TYPE).result(Json.bytes(problem));
    }

    private static Problem problem(Exception failure, Context context) {
        if (failure instanceof GranaryException known && known.code() != ErrorCode.INTERNAL) {
            if (known.code().number() >= ErrorCode.DATA.number()) {
                LOG.warn(
                        "{} {}: {} ({})",
                        context.method(),
                        context.path(),
                        known,
                        rootOf(known).toString());
            }
            return Problem.of(known);
        }
        if (failure instanceof HttpResponseException http && http.getStatus() < 500) {
            return Problem.ofStatus(http.getStatus(), detail(http, context));
        }
        String instance = "urn:uuid:" + UUID.randomUUID();
        LOG.error("{} {} {}", instance, context.method(), Parameters.shorten(context.path()), failure);
        return Problem.unexpected(instance);
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String detail(HttpResponseException refused, Context context) {
        return switch (refused.getStatus()) {
            case 404 ->
                "there is no path " + Parameters.shorten(context.path())
                        + ". GET / lists what is here, /openapi.yaml describes it.";
            case 405 -> "path " + Parameters.shorten(context.path()) + " takes GET, not " + context.method() + ".";
            default -> refused.getMessage();
        };
    }

    private static byte[] resource(String name) {
        try (InputStream in = ApiServer.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
