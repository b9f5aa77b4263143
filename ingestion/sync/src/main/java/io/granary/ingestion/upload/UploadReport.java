package io.granary.ingestion.upload;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.granary.ingestion.file.CellProblem;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What became of a person's file.
 *
 * @param result {@code published}, {@code unchanged} (its content is there already) or {@code rejected}
 * @param runId the version that has its rows, or that refused them
 * @param rows of the file; of a rejected one those that were looked at
 * @param problemCount how many there are
 * @param problems the first of them
 */
record UploadReport(
        String source,
        String ds,
        String file,
        String sha256,
        long bytes,
        String mode,
        String uploadedBy,
        Instant uploadedAt,
        String result,
        String runId,
        long rows,
        long problemCount,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<CellProblem> problems) {
    static final String PUBLISHED = "published";
    static final String UNCHANGED = "unchanged";
    static final String REJECTED = "rejected";

    /** How many problems are shown. */
    static final int SHOWN = 100;

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    UploadReport {
        problems = List.copyOf(problems);
    }

    boolean isRejected() {
        return result.equals(REJECTED);
    }

    /** For the folder where the file is put aside. */
    String toJson() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "a report cannot be written as JSON: " + e.getMessage(), e);
        }
    }

    /** For the table of uploads, whose {@code ds} is the day of the upload: no problems, they hold values of the file. */
    String toLine() {
        ObjectNode line = JSON.valueToTree(this);
        line.set("data_ds", line.remove("ds"));
        line.remove("problems");
        return line + "\n";
    }

    /** For people. */
    GranaryException refusal() {
        return new GranaryException(
                ErrorCode.DATA,
                file + ": " + problemCount + (problemCount == 1 ? " problem" : " problems") + ", nothing was published"
                        + problems.stream().map(p -> "\n  " + p).collect(Collectors.joining())
                        + (problemCount > problems.size()
                                ? "\n  ... and " + (problemCount - problems.size()) + " more"
                                : ""));
    }
}
