package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.project.Suggestion;
import java.util.List;

/**
 * {@code content[].transformer[]}: changes a row, or drops it, between reader and writer.
 *
 * @param name one of DataX's {@code dx_} names
 */
public record Transformer(String name, Parameter parameter) {
    private static final List<String> KNOWN = List.of("dx_filter", "dx_substr", "dx_pad", "dx_replace", "dx_digest");

    public Transformer {
        if (!KNOWN.contains(name)) {
            String near = name == null ? "" : " " + Suggestion.of(name, KNOWN, "");
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "transformer '" + name + "' is not supported; there are " + String.join(", ", KNOWN) + "."
                            + near.stripTrailing());
        }
        if (parameter == null) {
            throw new GranaryException(ErrorCode.DEFINITION, name + ": key 'parameter' is missing");
        }
    }

    /**
     * What the transformer works on.
     *
     * @param columnIndex of the column, from 0
     * @param paras what it does, as texts
     */
    public record Parameter(Integer columnIndex, List<String> paras) {
        public Parameter {
            if (columnIndex == null || columnIndex < 0) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, "transformer: columnIndex is " + columnIndex + "; it is at least 0");
            }
            paras = paras == null ? List.of() : List.copyOf(paras);
        }
    }
}
