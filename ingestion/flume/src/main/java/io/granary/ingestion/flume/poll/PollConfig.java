package io.granary.ingestion.flume.poll;

import io.granary.warehouse.command.DurationText;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.Poll;
import io.granary.warehouse.manifest.SourceNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What an agent's properties say of a polled table. */
public final class PollConfig {
    private static final Set<String> OWN = Set.of(Poll.SEQUENCE, Poll.CHANGE_AT, Poll.IS_DELETED);

    private PollConfig() {}

    /**
     * Settings of a {@link TablePollSource} and their values, in order; the password is a reference.
     *
     * @param folder of the journal
     * @throws GranaryException when the profile has no such connection, or it cannot be polled
     */
    public static Map<String, String> of(SourceNode source, Profile profile, String folder) {
        Poll poll = source.poll();
        Connection database = profile.connectionByReference(poll.connection());
        if (!Login.isKnown(database.type())) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "source " + source.qualifiedName() + ": connection " + poll.connection() + " is of type "
                            + database.type() + "; tables can be polled of mariadb, mysql and postgresql");
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("site", poll.site());
        settings.put("folder", folder);
        settings.put("type", database.type().toString());
        settings.put("host", database.host());
        settings.put("port", Integer.toString(database.port()));
        settings.put("database", database.database());
        settings.put("user", database.user());
        settings.put("password", database.password());
        new TreeMap<>(database.properties()).forEach((name, value) -> settings.put("properties." + name, value));
        settings.put("table", poll.table());
        settings.put(
                "columns",
                source.columns().stream()
                        .map(ColumnNode::name)
                        .filter(name -> !OWN.contains(name))
                        .collect(Collectors.joining(",")));
        settings.put("watermark", poll.watermark());
        settings.put("key", String.join(",", poll.key()));
        if (poll.deleted() != null) {
            settings.put("deleted", poll.deleted());
        }
        settings.put("timeZone", poll.timeZone());
        settings.put("overlap", poll.overlap());
        settings.put(
                "everyMs",
                Long.toString(DurationText.parse("poll.every", poll.every()).toMillis()));
        Map<String, String> named = new LinkedHashMap<>();
        settings.forEach((name, value) -> named.put(PollSettings.PREFIX + name, value));
        return named;
    }
}
