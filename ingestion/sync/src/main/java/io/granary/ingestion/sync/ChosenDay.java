package io.granary.ingestion.sync;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of the verbs that move one day of chosen sources or exports. */
public final class ChosenDay {
    @Option(names = "--select", paramLabel = "SELECTOR", description = "Choose by selector, such as subject:trade")
    private String select;

    @Option(names = "--ds", paramLabel = "yyyy-MM-dd", required = true, description = "Day the rows are of")
    private LocalDate ds;

    public LocalDate ds() {
        return ds;
    }

    /** @param names those that were named, or null */
    public Chosen chosen(List<String> names) {
        return new Chosen(names, select);
    }

    /** What the run results say of the call. */
    public Map<String, String> args(String verb, List<String> names) {
        return Map.of("which", verb, "ds", ds.toString(), "select", select == null ? String.join(" ", names) : select);
    }
}
