package io.granary.batch.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a partition is made. {@code detail} may be empty. */
record Reason(Kind kind, String detail) {
    enum Kind {
        @JsonProperty("missing")
        MISSING("missing"),
        @JsonProperty("definition_changed")
        DEFINITION_CHANGED("definition changed"),
        @JsonProperty("input_newer")
        INPUT_NEWER("input newer"),
        /** An input is made in the same plan. */
        @JsonProperty("input_planned")
        INPUT_PLANNED("input is built"),
        @JsonProperty("lookback")
        LOOKBACK("lookback"),
        @JsonProperty("requested")
        REQUESTED("requested");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    static Reason of(Kind kind) {
        return new Reason(kind, "");
    }

    /** For people: {@code input newer: ods.x ds=2026-11-01/hh=07}. */
    String text() {
        return detail.isEmpty() ? kind.words : kind.words + ": " + detail;
    }
}
