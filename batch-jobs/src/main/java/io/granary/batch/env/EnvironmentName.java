package io.granary.batch.env;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.project.Layer;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An environment: the databases whose names begin with it, such as {@code dev_wang__dws} beside {@code dws}. There is no
 * state of it but its tables.
 */
public record EnvironmentName(String value) {
    /** How people call the databases without a prefix. */
    public static final String PRODUCTION = "prod";

    private static final String SEPARATOR = "__";
    private static final int LONGEST = 40;
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9]*(?:_[a-z0-9]+)*");
    /** Models are in the databases of the layers, and nowhere else. */
    private static final Pattern DATABASE = Pattern.compile(Arrays.stream(Layer.values())
            .map(Layer::database)
            .collect(Collectors.joining("|", "(" + FORM.pattern() + ")" + SEPARATOR + "(?:", ")")));

    /** @throws GranaryException when this cannot be the name of an environment */
    public EnvironmentName {
        if (value.equals(PRODUCTION)) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "'" + PRODUCTION
                            + "' is production, no environment: its databases have no prefix. Leave --env away,"
                            + " or name an environment such as dev_wang.");
        }
        if (!FORM.matcher(value).matches() || value.length() > LONGEST) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "'" + value + "' is no name of an environment: it begins with a letter, has small letters, digits"
                            + " and single _ between them, and at most " + LONGEST + " of them; such as dev_wang");
        }
    }

    /** The environment that a database belongs to; empty for production's. */
    public static Optional<EnvironmentName> ofDatabase(String database) {
        Matcher form = DATABASE.matcher(database);
        return form.matches() ? Optional.of(new EnvironmentName(form.group(1))) : Optional.empty();
    }

    /** The table, {@code database.table}, that stands for one of production here. */
    public String table(String production) {
        return value + SEPARATOR + production;
    }

    /** Whether a table, {@code database.table}, or a database is of this environment. */
    public boolean holds(String name) {
        return name.startsWith(value + SEPARATOR);
    }

    /** The table of production that one of this environment stands for; any other stays as it is. */
    public String production(String table) {
        return holds(table) ? table.substring(value.length() + SEPARATOR.length()) : table;
    }

    @Override
    public String toString() {
        return value;
    }
}
