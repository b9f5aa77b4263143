package io.granary.warehouse.project;

/** What comes in, and the ODS table that holds it. */
public sealed interface SourceDefinition permits LogSource, JdbcSource {
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
        return yaml.text("type").equals("log")
                ? LogSource.of(subject, name, timeZone, yaml)
                : JdbcSource.of(subject, name, timeZone, yaml);
    }
}
