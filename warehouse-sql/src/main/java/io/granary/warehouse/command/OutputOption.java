package io.granary.warehouse.command;

import picocli.CommandLine.Option;

/** {@code --output} of a verb whose data are rows; a mixin. */
public final class OutputOption {
    @Option(
            names = "--output",
            paramLabel = "FORM",
            defaultValue = "table",
            description = "table, json or csv (default: ${DEFAULT-VALUE})")
    private Output form;

    public Output form() {
        return form;
    }
}
