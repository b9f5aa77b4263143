package io.granary.ingestion.sync;

import picocli.CommandLine.Option;

/** The option that says which engine runs jobs. */
final class ChosenEngine {
    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "native (in this process), spark (tasks of a Spark application) or datax (the DataX in"
                    + " DATAX_HOME), in place of what is set")
    private String name;

    /** @param otherwise the engine when none was chosen, or null */
    String orElse(String otherwise) {
        return name == null ? otherwise : name;
    }
}
