package io.granary.warehouse.command;

import picocli.CommandLine.Option;

/** {@code --output} of a verb that speaks to people, or in JSON to programs; a mixin. */
public final class JsonOption {
    @Option(
            names = "--output",
            paramLabel = "FORM",
            defaultValue = "table",
            description = "table or json (default: ${DEFAULT-VALUE})")
    private Form form;

    private enum Form {
        TABLE,
        JSON
    }

    public boolean isJson() {
        return form == Form.JSON;
    }
}
