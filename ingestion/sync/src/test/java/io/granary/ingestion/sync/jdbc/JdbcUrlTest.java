package io.granary.ingestion.sync.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JdbcUrlTest {
    @Test
    void aUrlIsTakenApartAndBuiltAgainFromItsFields() {
        assertThat(JdbcUrl.parse("jdbc:mysql://db-1.example:3307/shop"))
                .isEqualTo(new JdbcUrl(DatabaseType.MYSQL, "db-1.example", 3307, "shop", Map.of()));
        assertThat(built("jdbc:mysql://db/shop?useUnicode=true&characterEncoding=UTF-8&useSSL=false&serverTimezone=UTC"
                        + "&tinyInt1isBit=false&rewriteBatchedStatements=true&connectTimeout=3000"))
                .hasToString("jdbc:mariadb://db:3306/shop {connectTimeout=3000, sslMode=disable}");
        assertThat(built("jdbc:mariadb://[::1]:3306/shop")).isEqualTo("jdbc:mariadb://[::1]:3306/shop {}");
        assertThat(built("jdbc:postgresql://db/shop?sslmode=verify-full&currentSchema=sales"))
                .isEqualTo("jdbc:postgresql://db:5432/shop {currentSchema=sales, sslmode=verify-full}");
        assertThat(built("jdbc:oracle:thin:@//db:1521/ORCL.example"))
                .isEqualTo("jdbc:oracle:thin:@//db:1521/ORCL.example {}");
        assertThat(built("jdbc:oracle:thin:@db/s")).isEqualTo("jdbc:oracle:thin:@//db:1521/s {}");
        assertThat(built("jdbc:sqlserver://db;databaseName=shop;encrypt=true;trustServerCertificate=false"))
                .isEqualTo("jdbc:sqlserver://db:1433;databaseName=shop {encrypt=true, trustServerCertificate=false}");
    }

    @Test
    void whatIsMoreThanAConnectionIsRefusedAndNoPasswordShown() throws Exception {
        List<String> lines = new String(
                        getClass().getResourceAsStream("/jdbc/refused-urls.txt").readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(l -> !l.startsWith("#"))
                .toList();
        assertThat(lines).hasSizeGreaterThan(100);
        for (String line : lines) {
            int bar = line.lastIndexOf(" | ");
            String url = line.substring(0, bar);
            Throwable refusal = catchThrowable(() -> JdbcUrl.parse(url));
            assertThat(refusal)
                    .as(url)
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining(line.substring(bar + 3))
                    .hasMessageNotContaining("SECRET");
        }
        assertThatThrownBy(() -> JdbcUrl.parse("jdbc:mysql://h/d\n?x=y")).isInstanceOf(GranaryException.class);
        assertThatThrownBy(() -> JdbcUrl.parse("jdbc:mysql://h/d?sslMode=a\u0000b"))
                .isInstanceOf(GranaryException.class);
        assertThatThrownBy(() -> JdbcUrl.parse("")).isInstanceOf(GranaryException.class);
    }

    @Test
    void aFieldOfAProfileCannotBecomeMoreThanItself() {
        for (String host : List.of("h/d?x=", "a,b", "h:1", "user@h", "(host=a)", "h;x=1", "", "-h", "h%2f")) {
            assertThatThrownBy(() -> connection(host, "d", Map.of())).as(host).hasMessageContaining(".host is '");
        }
        for (String database : List.of("d?autoDeserialize=true", "d;x=1", "d&x", "", "../d", "d#", "d e", "d%3f")) {
            assertThatThrownBy(() -> connection("h", database, Map.of()))
                    .as(database)
                    .hasMessageContaining(".database");
        }
        assertThatThrownBy(() -> connection("h", "d", Map.of("allowLocalInfile", "true")))
                .hasMessageContaining("property 'allowLocalInfile' of the mariadb driver may not be set; allowed: [");
    }

    private static String built(String url) {
        Connection connection = JdbcUrl.parse(url).connection("x", "u", "p", null);
        return connection.jdbcUrl() + " " + new java.util.TreeMap<>(connection.properties());
    }

    private static Connection connection(String host, String database, Map<String, String> properties) {
        return new Connection("x", DatabaseType.MARIADB, host, 1, database, "u", "p", properties, null);
    }
}
