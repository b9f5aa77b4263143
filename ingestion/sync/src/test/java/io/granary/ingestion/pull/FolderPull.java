package io.granary.ingestion.pull;

import io.granary.ingestion.file.FileLanding;
import io.granary.ingestion.file.Sources;
import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.engine.FolderTables;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.FileFetch;
import io.granary.warehouse.manifest.SourceNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Pulls of one day into tables in a folder. */
final class FolderPull {
    private static final LocalDate DS = LocalDate.of(2026, 11, 1);

    private final Home home;
    private final FolderTables tables;
    private final Profile profile;
    private final StringWriter said = new StringWriter();

    /** @param connections lines of the profile, each with two blanks in front */
    FolderPull(Path home, String connections) throws Exception {
        this.home = new Home(home);
        this.tables = new FolderTables(home.resolve("warehouse"));
        Path file = Files.writeString(
                home.resolve("profile.yaml"),
                "name: local\nfs: file:///\nmetastore: none\nconnections:\n" + connections);
        this.profile = Profile.load(file, Map.of());
    }

    Profile profile() {
        return profile;
    }

    /** A source of CSV files with a header that is tried three times without a pause. */
    static SourceNode source(String name, String type, String connection, String path) {
        FileFetch.Retry retry = new FileFetch.Retry(3, "0s");
        return Sources.pulled(
                name, type, connection, new FileFetch(path, Sources.CSV, null, null, retry, null), "36500d");
    }

    JobRun.Outcome pull(SourceNode source) {
        FileLanding landing = new FileLanding(profile, Fixture.HADOOP, tables, Clock.systemUTC());
        Servers servers = new Servers(profile, Duration.ofSeconds(5));
        return new Pull(servers, landing, home, Clock.systemUTC(), new PrintWriter(said, true)).run(source, DS, null);
    }

    /** All that the pulls said. */
    String said() {
        return said.toString();
    }

    /** Rows of the day that readers see. */
    List<Map<String, Object>> rows(SourceNode source) throws Exception {
        List<PublishedPartition> days = tables.partitions(TableName.parse(source.table()));
        return days.isEmpty()
                ? List.of()
                : Fixture.rows(Path.of(URI.create(days.get(0).location())));
    }
}
