package io.granary.bench;

import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;

/** A project of one scd2 table over daily snapshots of 1,000 customers, some of whom move. */
final class VersionedCustomers {
    private static final LocalDate BEFORE = LocalDate.parse("2025-12-31");

    private final Warehouse warehouse;
    private final Verbs verbs;
    private final SourceNode source;
    private int published;

    VersionedCustomers(Warehouse warehouse, Verbs cluster) throws IOException {
        this.warehouse = warehouse;
        Path project = cluster.home().root().resolve("customers");
        file(project, "subject.yaml", """
                name: crm
                owner: team
                description: Customers.
                cadence: daily
                time_zone: UTC
                alert_group: team
                """);
        file(project, "sources/customer.yaml", """
                type: jdbc
                description: Customers as they are each day.
                connection: shop
                table: customers
                mode: full
                split_key: customer_id
                columns:
                  - {name: customer_id, type: bigint, description: Id.}
                  - {name: province, type: string, description: Where the customer lives.}
                """);
        file(project, "models/dim/dim_crm_customer_scd.sql", """
                -- Customers and where they lived when. Grain: one row per customer and address.
                SELECT c.customer_id, c.province FROM ods.ods_crm_customer_df AS c WHERE c.ds = :ds
                """);
        file(project, "models/dim/dim_crm_customer_scd.yaml", """
                description: Customers and where they lived when.
                owner: team
                grain: one row per customer and address
                unique: [customer_id, valid_from]
                partition: []
                materialization: scd2
                key: [customer_id]
                tracked: [province]
                columns:
                  - {name: customer_id, type: bigint, description: Id.}
                  - {name: province, type: string, description: Where the customer lived.}
                """);
        verbs = cluster.on(project, cluster.home());
        verbs.run("compile");
        source = Place.source(Manifest.read(cluster.home().manifest()), "source.crm.customer");
    }

    private static void file(Path project, String path, String text) throws IOException {
        Path file = project.resolve("subjects/crm").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Publishes snapshots until there are so many. */
    void snapshots(int days) {
        warehouse.publish(
                source,
                "SELECT c.id AS customer_id, concat('p', (c.id + CASE WHEN c.id % 100 < d.id THEN d.id ELSE 0 END) % 30),"
                        + " CAST(date_add(DATE '" + BEFORE + "', CAST(d.id AS INT)) AS STRING) AS ds"
                        + " FROM range(1000) AS c CROSS JOIN range(" + (published + 1) + ", " + (days + 1)
                        + ") AS d DISTRIBUTE BY ds");
        published = days;
    }

    /** Builds the table: from all snapshots, or, when one came after all others, from that one and the present version. */
    Verbs.Ran build() {
        return verbs.run("run", "--ds", BEFORE.plusDays(published).toString(), "--threads", "1");
    }
}
