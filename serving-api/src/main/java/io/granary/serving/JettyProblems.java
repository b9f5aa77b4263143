package io.granary.serving;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Problem documents for what Jetty refuses before a route sees it: bad URLs, headers that are too large. */
final class JettyProblems extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        response.write(true, ByteBuffer.wrap(Json.bytes(Problem.ofStatus(code, detail(code)))), callback);
    }

    @Override
    public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
        fields.put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        return ByteBuffer.wrap(Json.bytes(Problem.ofStatus(status, detail(status))));
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "The request is not valid HTTP, or its URL is malformed or ambiguous.";
            case 414, 431 -> "The request's URL and headers are longer than 8 KiB.";
            case 503 -> "The server is stopping.";
            default -> null;
        };
    }
}
