package io.granary.ingestion.sync.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import oracle.jdbc.OracleType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Oracle and SQL Server as far as their drivers tell without a server: every type they know, URLs and properties. */
class DriverTypesTest {
    @Test
    void everyTypeOfOraclesDriverIsMappedOrRefused() {
        List<String> kept = new ArrayList<>();
        for (OracleType type : OracleType.values()) {
            String hive = hive(DatabaseType.ORACLE, type.getName(), 0, 0, new ArrayList<>());
            if (hive != null) {
                kept.add(type.getName() + " " + hive);
            }
        }
        assertThat(kept)
                .containsExactlyInAnyOrder(
                        "VARCHAR2 string",
                        "NVARCHAR string",
                        "NUMBER decimal(38,18)",
                        "FLOAT decimal(38,18)",
                        "LONG string",
                        "DATE timestamp",
                        "BINARY FLOAT float",
                        "BINARY DOUBLE double",
                        "TIMESTAMP timestamp",
                        "TIMESTAMP WITH TIME ZONE timestamp",
                        "TIMESTAMP WITH LOCAL TIME ZONE timestamp",
                        "INTERVAL YEAR TO MONTH string",
                        "INTERVAL DAY TO SECOND string",
                        "RAW binary",
                        "LONG RAW binary",
                        "ROWID string",
                        "UROWID string",
                        "CHAR string",
                        "NCHAR string",
                        "CLOB string",
                        "NCLOB string",
                        "BLOB binary",
                        "JSON string",
                        "BOOLEAN boolean");
    }

    @Test
    void everyTypeOfSqlServersDriverIsMappedOrRefused() throws Exception {
        List<String> refused = new ArrayList<>();
        Class<?> types = Class.forName("com.microsoft.sqlserver.jdbc.SSType");
        for (Object type : types.getEnumConstants()) {
            hive(DatabaseType.SQLSERVER, type.toString(), 10, 2, refused);
        }
        assertThat(refused)
                .containsExactlyInAnyOrder("unknown", "sql_variant", "udt", "geometry", "geography", "vector");
    }

    @Test
    void numbersOfOracleAreKeptToTheLastDigit() {
        assertThat(oracle("NUMBER", 9, 0)).isEqualTo("int");
        assertThat(oracle("NUMBER", 18, 0)).isEqualTo("bigint");
        assertThat(oracle("NUMBER", 38, 0)).isEqualTo("decimal(38,0)");
        assertThat(oracle("NUMBER", 12, 2)).isEqualTo("decimal(12,2)");
        assertThat(oracle("NUMBER", 3, 5)).isEqualTo("decimal(5,5)");
        assertThat(oracle("NUMBER", 5, -2)).isEqualTo("decimal(7,0)");
        assertThat(oracle("NUMBER", 0, -127)).isEqualTo("decimal(38,18)");
        assertThat(oracle("TIMESTAMP(9) WITH TIME ZONE", 13, 9)).isEqualTo("timestamp");
        assertThat(oracle("DATE", 7, 0)).isEqualTo("timestamp");
        assertThat(oracle("INTERVAL DAY(2) TO SECOND(6)", 2, 6)).isEqualTo("string");
        assertThat(oracle("LONG RAW", 0, 0)).isEqualTo("binary");
        assertThatThrownBy(() -> oracle("NUMBER", 38, -84)).hasMessageContaining("Hive holds 38 digits");
    }

    @Test
    void timesWithAZoneBecomeTheWallClockOfUtc() {
        Dialect oracle = Dialect.of(DatabaseType.ORACLE);
        assertThat(oracle.selected(column("TIMESTAMP(6) WITH TIME ZONE"))).isEqualTo("SYS_EXTRACT_UTC(\"c\") AS \"c\"");
        assertThat(oracle.selected(column("TIMESTAMP(6) WITH LOCAL TIME ZONE")))
                .isEqualTo("CAST(\"c\" AS TIMESTAMP(9)) AS \"c\"");
        assertThat(oracle.selected(column("DATE"))).isEqualTo("\"c\"");
        Dialect sqlServer = Dialect.of(DatabaseType.SQLSERVER);
        assertThat(sqlServer.selected(column("datetimeoffset")))
                .isEqualTo("CAST(SWITCHOFFSET([c], '+00:00') AS datetime2(7)) AS [c]");
        assertThat(MetadataColumns.type("int identity", 10, 0).name()).isEqualTo("int");
        assertThat(hive(DatabaseType.SQLSERVER, "numeric() identity", 12, 0, new ArrayList<>()))
                .isEqualTo("decimal(12,0)");
    }

    /** The drivers themselves take the URL and know every property that may be set. */
    @Test
    void theDriversKnowTheUrlAndThePropertiesThatMayBeSet() throws Exception {
        for (DatabaseType type : DatabaseType.values()) {
            Connection connection = new Connection("x", type, "db.example", 7, "shop", "u", "p", Map.of(), null);
            Driver driver = Drivers.of(connection);
            assertThat(driver.acceptsURL(connection.jdbcUrl()))
                    .as(connection.jdbcUrl())
                    .isTrue();
            if (type != DatabaseType.ORACLE) {
                List<String> known = Arrays.stream(
                                driver.getPropertyInfo(connection.jdbcUrl(), new java.util.Properties()))
                        .map(p -> p.name)
                        .toList();
                assertThat(known).as(type.toString()).containsAll(type.properties());
            }
        }
        for (String property : DatabaseType.ORACLE.properties()) {
            assertThat(constants(oracle.jdbc.OracleConnection.class)).contains(property);
        }
    }

    @Test
    void aDriverThatIsNotShippedIsLookedForInTheProfilesFolder(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("drivers"));
        assertThatThrownBy(() -> Drivers.load("org.example.NoDriver", "legacy", folder.resolve("drivers")))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("connection legacy needs the JDBC driver org.example.NoDriver")
                .hasMessageContaining("Put its jar into the folder " + folder.resolve("drivers"));

        Path jar = Path.of(oracle.jdbc.OracleDriver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Files.copy(jar, folder.resolve("drivers/ojdbc11.jar"));
        Driver driver = Drivers.instance(
                "oracle.jdbc.OracleDriver",
                Drivers.inFolder(folder.resolve("drivers"), ClassLoader.getPlatformClassLoader()));
        assertThat(driver.acceptsURL("jdbc:oracle:thin:@//h:1521/s")).isTrue();
        assertThat(driver.getClass()).isNotEqualTo(oracle.jdbc.OracleDriver.class);
    }

    private static String oracle(String name, int size, int scale) {
        return Dialect.of(DatabaseType.ORACLE).hiveType("t.c", MetadataColumns.type(name, size, scale));
    }

    private static String hive(DatabaseType type, String name, int size, int scale, List<String> refused) {
        try {
            return Dialect.of(type).hiveType("t.c", MetadataColumns.type(name, size, scale));
        } catch (GranaryException e) {
            assertThat(e).hasMessageContaining("Offer it through a view");
            refused.add(name);
            return null;
        }
    }

    private static DatabaseColumn column(String sourceType) {
        return new DatabaseColumn("c", "timestamp", "", sourceType, true, 0);
    }

    private static List<Object> constants(Class<?> type) throws IllegalAccessException {
        List<Object> constants = new ArrayList<>();
        for (var field : type.getFields()) {
            if (field.getType() == String.class) {
                constants.add(field.get(null));
            }
        }
        return constants;
    }
}
