package io.granary.batch.submit;

import io.granary.batch.seal.LandedChunks;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.tablestore.testing.LocalWarehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A project of one log source and two models, and days of landed lines that differ in nothing but the day. */
final class SmallChain {
    private final LocalWarehouse warehouse;
    private final String subject;
    private final Path project;
    private final Path home;

    SmallChain(LocalWarehouse warehouse, String subject, Path folder) throws IOException {
        this.warehouse = warehouse;
        this.subject = subject;
        this.project = folder.resolve("project");
        this.home = folder.resolve("home");
        Files.createDirectories(home);
        write("subject.yaml", """
                name: %1$s
                owner: team
                description: Requests.
                cadence: daily
                time_zone: UTC
                alert_group: team
                """);
        write("sources/access.yaml", """
                type: log
                description: Access logs.
                format: combined
                time_zone: UTC
                files:
                  - {site: shop, glob: "/nowhere/access.log*"}
                """);
        model("dwd", "dwd_%1$s_hit_di", "host, line_offset", """
                SELECT h.host, h.line_offset, h.event_at, date_format(h.event_at, 'HH:mm:ss') AS time_of_day, h.status,
                    CAST(h.bytes / 3 AS DECIMAL(18, 4)) AS third, sha2(h.url, 256) AS visitor
                FROM ods.ods_%1$s_access_hi AS h WHERE h.ds = :ds
                """, """
                  - {name: host, type: string, description: Host.}
                  - {name: line_offset, type: bigint, description: Offset.}
                  - {name: event_at, type: timestamp, description: Time.}
                  - {name: time_of_day, type: string, description: Time of day.}
                  - {name: status, type: int, description: Status.}
                  - {name: third, type: "decimal(18,4)", description: A third of the bytes.}
                  - {name: visitor, type: string, description: Visitor.}
                """);
        model("dws", "dws_%1$s_status_1d", "status", """
                SELECT d.status, count(*) AS hits, count(DISTINCT d.visitor) AS visitors, sum(d.third) AS third
                FROM dwd.dwd_%1$s_hit_di AS d WHERE d.ds = :ds GROUP BY d.status
                """, """
                  - {name: status, type: int, description: Status.}
                  - {name: hits, type: bigint, description: Hits.}
                  - {name: visitors, type: bigint, description: Visitors.}
                  - {name: third, type: "decimal(28,4)", description: Sum of the thirds.}
                """);
    }

    private void model(String layer, String name, String unique, String sql, String columns) throws IOException {
        String file = "models/" + layer + "/" + name.formatted(subject);
        write(file + ".sql", sql);
        write(file + ".yaml", """
                description: A model.
                owner: team
                grain: one row per key
                unique: [%2$s]
                partition: [ds]
                materialization: incremental
                access: public
                columns:
                """.replace("%2$s", unique) + columns);
    }

    private void write(String name, String content) throws IOException {
        Path file = project.resolve("subjects").resolve(subject).resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content.formatted(subject));
    }

    /** Lands the lines of one day, each twice, some broken. */
    void land(LocalDate day, int lines) throws IOException {
        Instant collected = day.atTime(13, 0).toInstant(ZoneOffset.UTC);
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            body.append(
                    i % 50 == 7
                            ? "broken " + i + "\n"
                            : "1.2.3.%d - - [%02d/%s/%d:%02d:%02d:00 +0000] \"GET /%d HTTP/1.1\" %d %d \"-\" \"curl\"\n"
                                    .formatted(
                                            i % 200,
                                            day.getDayOfMonth(),
                                            "Nov",
                                            day.getYear(),
                                            i % 2,
                                            i % 60,
                                            i % 97,
                                            i % 10 == 0 ? 404 : 200,
                                            i));
        }
        new LandedChunks(Path.of(URI.create(warehouse.profile().fs())), subject + ".access")
                .chunk("web1", "f" + day, 0, 1, collected, body.toString())
                .chunk("web1", "f" + day, 0, 1, collected, body.toString())
                .land(collected, "web1-1762000000000." + day.getDayOfMonth() + ".avro");
    }

    /** The options that every verb takes, behind {@code verb}. */
    String[] arguments(String... verb) {
        List<String> all = new ArrayList<>(List.of(verb));
        all.addAll(List.of(
                "--home", home.toString(),
                "--project", project.toString(),
                "--profile", warehouse.profileFile().toString()));
        return all.toArray(String[]::new);
    }

    /** Row counts and hashes of all tables on a day, without what names the day or the run. */
    List<List<Object>> hashes(LocalDate day) {
        List<List<Object>> hashes = new ArrayList<>();
        try (SqlSession session = HiveJdbcSession.open(warehouse.profile())) {
            for (String rows : List.of(
                    "SELECT host, line_offset, line_number, client_ip, url, status, bytes, hh, unix_timestamp(event_at)"
                            + " - unix_timestamp(to_timestamp(ds)) AS second FROM ods.ods_%s_access_hi WHERE ds = '%s'",
                    "SELECT host, line_offset, time_of_day, unix_timestamp(event_at) - unix_timestamp(to_timestamp(ds)),"
                            + " status, third, visitor FROM dwd.dwd_%s_hit_di WHERE ds = '%s'",
                    "SELECT status, hits, visitors, third FROM dws.dws_%s_status_1d WHERE ds = '%s'",
                    "SELECT host, line_offset, reason, line FROM ods.granary_quarantine WHERE source = '%s.access' AND dt ="
                            + " '%s'",
                    "SELECT host, hh, read_lines, loaded, duplicate, quarantined, lost FROM ods.granary_log_account WHERE"
                            + " source = '%s.access' AND dt = '%s'")) {
                hashes.add(session.query("SELECT count(*), sum(CAST(xxhash64(*) AS DECIMAL(20,0))) FROM ("
                                + rows.formatted(subject, day) + ")")
                        .rows()
                        .get(0));
            }
        }
        return hashes;
    }

    /** The provenance of all tables on a day, without what names the day or the run. */
    List<String> provenance(LocalDate day) {
        List<String> all = new ArrayList<>();
        try (SqlSession session = HiveJdbcSession.open(warehouse.profile());
                HiveTableStore store = HiveTableStore.open(warehouse.profile(), session)) {
            for (String table : List.of("ods.ods_%s_access_hi", "dwd.dwd_%s_hit_di", "dws.dws_%s_status_1d")) {
                PublishedPartition partition = store.partitions(TableName.parse(table.formatted(subject))).stream()
                        .filter(p -> p.spec().toString().contains(day.toString()))
                        .findFirst()
                        .orElseThrow();
                all.add(provenanceFile(partition.location())
                        .replaceAll("\\d{8}T\\d{6}Z-[0-9a-f]{6}", "RUN")
                        .replaceAll("\"RUN\"(, \"RUN\")+", "\"RUN\"")
                        .replaceAll("\"written_at\" : \"[^\"]*\"", "")
                        .replaceAll("\"part-[^\"]*\"", "\"FILE\"")
                        .replaceAll("\"bytes\" : \\d+", "\"bytes\" : 0")
                        .replace(day.toString(), "DAY"));
            }
        }
        return all;
    }

    private static String provenanceFile(String location) {
        try {
            Path folder = Path.of(URI.create(location));
            while (!folder.getFileName().toString().startsWith("v=")) {
                folder = folder.getParent();
            }
            return Files.readString(folder.resolve("_granary.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
