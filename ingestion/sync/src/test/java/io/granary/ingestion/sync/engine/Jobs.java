package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.ErrorLimit;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.job.Speed;
import io.granary.ingestion.sync.job.WriterColumn;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import java.nio.file.Path;
import java.util.List;

/** Jobs of the tests of the engine; all of them on the connection {@code shop}. */
record Jobs(Profile profile) {
    /** From a table, cut by its column {@code n} into so many parts. */
    RdbmsReader from(String table, int parts, String... columns) {
        Connection shop = profile.connection("shop");
        return new RdbmsReader(
                RdbmsKind.MYSQL,
                shop.user(),
                PasswordReference.to(shop),
                List.of(columns),
                List.of(new RdbmsReader.ReaderConnection(
                        List.of(PasswordReference.jobUrl(shop)), List.of(table), List.of())),
                null,
                parts == 1 ? null : "n",
                parts == 1 ? null : parts / 2,
                null,
                List.of(),
                null);
    }

    static HdfsWriter to(Path folder, String... columns) {
        return HdfsWriter.orc(
                null,
                folder.toUri().toString(),
                "part",
                List.of(columns).stream()
                        .map(c -> new WriterColumn(c.split(" ")[0], c.split(" ")[1]))
                        .toList());
    }

    RdbmsWriter into(String table, String... columns) {
        Connection shop = profile.connection("shop");
        return RdbmsWriter.of(
                RdbmsKind.MYSQL,
                shop.user(),
                PasswordReference.to(shop),
                PasswordReference.jobUrl(shop),
                table,
                List.of(columns));
    }

    static DataxJob of(int channels, ErrorLimit limit, DataxJob.Reader reader, DataxJob.Writer writer) {
        return DataxJob.of(new DataxJob.Setting(Speed.of(channels), limit), reader, writer);
    }
}
