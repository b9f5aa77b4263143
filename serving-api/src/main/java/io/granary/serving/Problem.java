package io.granary.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;

/**
 * A problem document (RFC 9457).
 *
 * @param type always {@code about:blank}: {@code title} is the meaning of the HTTP status, {@code code} tells more
 * @param code such as {@code NOT_FOUND-2200}; stable, can be searched for
 * @param instance of an unexpected fault: the id under which the log has it; else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(String type, String title, int status, String code, String detail, String instance) {
    static final String CONTENT_TYPE = "application/problem+json";

    static Problem of(int status, ErrorCode code, String detail) {
        return new Problem("about:blank", title(status), status, code + "-" + code.number(), detail, null);
    }

    /** The document of a handled failure; a fault of Granary itself must not come here. */
    static Problem of(GranaryException e) {
        return of(status(e.code()), e.code(), e.getMessage());
    }

    /** An unexpected fault: nothing of its insides is told. */
    static Problem unexpected(String instance) {
        Problem plain =
                of(500, ErrorCode.INTERNAL, "An unexpected fault. The server's log has it under " + instance + ".");
        return new Problem(plain.type, plain.title, plain.status, plain.code, plain.detail, instance);
    }

    /** The document for a status that the HTTP layer chose by itself. */
    static Problem ofStatus(int status, String detail) {
        ErrorCode code = status >= 500 ? ErrorCode.INTERNAL : status == 404 ? ErrorCode.NOT_FOUND : ErrorCode.USAGE;
        return of(status, code, detail == null || detail.isBlank() ? title(status) + "." : detail);
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case USAGE -> 400;
            case NOT_FOUND -> 404;
            case BUSY, EXTERNAL, RESOURCES -> 503;
            case DEFINITION, DATA, INTERNAL -> 500;
        };
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> status >= 500 ? "Server Error" : "Request Refused";
        };
    }
}
