package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import java.util.Map;

/** Connections to the test servers. */
final class TestConnections {
    private TestConnections() {}

    static Connection of(DatabaseType type, int port, String database) {
        return new Connection(
                type.toString(), type, "127.0.0.1", port, database, "granary", "granary-secret", Map.of(), null);
    }
}
