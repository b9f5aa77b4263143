package io.granary.warehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTypeTest {
    @TempDir
    Path dir;

    @Test
    void aConnectionIsBuiltFromItsFields() throws Exception {
        Profile profile = profile("""
                connections:
                  a: {type: postgresql, host: db, database: d, user: u, properties: {sslmode: verify-full, currentSchema: s}}
                  b: {type: oracle, host: db, port: 1522, database: ORCL.example, user: u}
                  c: {type: sqlserver, host: "::1", database: d, user: u}
                  d: {type: mysql, host: db, database: d, user: u}
                  e: {host: db, database: d, user: u}
                """);
        assertThat(profile.connection("a").jdbcUrl()).isEqualTo("jdbc:postgresql://db:5432/d");
        assertThat(profile.connection("a").properties())
                .isEqualTo(Map.of("sslmode", "verify-full", "currentSchema", "s"));
        assertThat(profile.connection("b").jdbcUrl()).isEqualTo("jdbc:oracle:thin:@//db:1522/ORCL.example");
        assertThat(profile.connection("c").jdbcUrl()).isEqualTo("jdbc:sqlserver://[::1]:1433;databaseName=d");
        assertThat(profile.connection("d").type()).isEqualTo(DatabaseType.MYSQL);
        assertThat(profile.connection("d").jdbcUrl()).isEqualTo("jdbc:mariadb://db:3306/d");
        assertThat(profile.connection("e").type()).isEqualTo(DatabaseType.MARIADB);
        assertThat(profile.connection("b").drivers())
                .isEqualTo(dir.toAbsolutePath().resolve("drivers"));
        assertThat(profile("drivers: /opt/drivers\n").drivers()).isEqualTo(Path.of("/opt/drivers"));
    }

    @Test
    void whatADriverCouldDoBesidesIsRefused() {
        for (String property : new String[] {"socketFactory", "loggerFile", "sslfactory", "password", "options"}) {
            assertThatThrownBy(() -> profile("connections: {a: {type: postgresql, host: h, database: d, user: u,"
                            + " properties: {" + property + ": x}}}\n"))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("unknown key connections.a.properties." + property)
                    .hasMessageContaining("sslmode");
        }
        assertThatThrownBy(() -> connection("host: \"h:1/d?autoDeserialize=true&x=\", database: d"))
                .hasMessageContaining("connections.a.host is 'h:1/d?autoDeserialize=true&x='");
        assertThatThrownBy(() -> connection("host: h, database: \"d?autoDeserialize=true\""))
                .hasMessageContaining("connections.a.database is");
        assertThatThrownBy(() -> connection("host: h, port: 70000, database: d"))
                .hasMessageContaining("port is '70000'");
        assertThatThrownBy(() -> connection("host: h, database: d, properties: {sslMode: \"\"}"))
                .hasMessageContaining("'sslMode' is empty");
        assertThatThrownBy(() -> connection("type: db2, host: h, database: d"))
                .hasMessageContaining("'db2'; types of databases: mariadb, mysql, postgresql, oracle, sqlserver");
    }

    private Connection connection(String fields) throws Exception {
        return profile("connections: {a: {" + fields + ", user: u}}\n").connection("a");
    }

    private Profile profile(String yaml) throws Exception {
        return Profile.load(Files.writeString(dir.resolve("profile.yaml"), yaml), Map.of());
    }
}
