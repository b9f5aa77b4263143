package io.granary.warehouse.project;

/** What comes in, and the ODS table that holds it. */
public sealed interface SourceDefinition permits LogSource, JdbcSource, FileSource {
    Origin origin();

    String subject();

    String name();

    String description();

    /** Zone of the source's days. */
    String timeZone();

    /** The ODS table, {@code database.table}. */
    String table();

    /** {@code <subject>.<name>}. */
    default String qualifiedName() {
        return subject() + "." + name();
    }

    static SourceDefinition of(String subject, String name, String timeZone, YamlFile yaml) {
        String type = yaml.text("type");
        if (FileSource.TYPES.contains(type)) {
            return FileSource.of(subject, name, timeZone, yaml);
        }
        return type.equals("log")
                ? LogSource.of(subject, name, timeZone, yaml)
                : JdbcSource.of(subject, name, timeZone, yaml);
    }
}
