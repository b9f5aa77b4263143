package io.granary.ingestion.sync.job;

/** A column of the files written; {@code type} is a Hive type. */
public record WriterColumn(String name, String type) {
    public WriterColumn {
        Required.text("hdfswriter", "column.name", name);
        type = Required.lower(Required.text("hdfswriter", "column.type of " + name, type))
                .replace(" ", "");
        if (type.equals("varchar") || type.equals("char")) {
            // DataX takes them without a length; Hive's string holds the same values
            type = "string";
        }
    }
}
