package io.granary.ingestion.sync.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordReferenceTest {
    @TempDir
    private Path folder;

    @Test
    void aJobDoesNotLoosenWhatTheConnectionAsksFor() throws IOException {
        Connection asked = resolve("jdbc:mysql://127.0.0.1:3306/shop?sslMode=disable&connectTimeout=900", "dx");
        assertThat(asked.properties()).containsEntry("sslMode", "verify-full").containsEntry("connectTimeout", "900");
        assertThat(asked.password()).isEqualTo("secret");
    }

    @Test
    void aPasswordGoesToItsOwnServerAndUserOnly() {
        for (String url : new String[] {"jdbc:mysql://127.0.0.2:3306/shop", "jdbc:mysql://127.0.0.1:3306/other"}) {
            assertThatThrownBy(() -> resolve(url, "dx"))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("connection 'shop' of the profile is dx at jdbc:mysql://127.0.0.1:3306/shop")
                    .hasMessageNotContaining("secret");
        }
        assertThatThrownBy(() -> resolve("jdbc:mysql://127.0.0.1:3306/shop", "root"))
                .hasMessageContaining("the job names root at 127.0.0.1:3306/shop");
    }

    private Connection resolve(String url, String user) throws IOException {
        Path profile = Files.writeString(folder.resolve("profile.yaml"), """
                name: test
                fs: file:///
                metastore: thrift://127.0.0.1:1
                sql: jdbc:hive2://127.0.0.1:1/
                connections:
                  shop: {type: mariadb, host: 127.0.0.1, port: 3306, database: shop, user: dx, password: "${file:p}", properties: {sslMode: verify-full}}
                """);
        Files.writeString(folder.resolve("p"), "secret\n");
        return PasswordReference.resolve(
                "mysqlreader", "${connection:shop}", url, user, Profile.load(profile, Map.of()));
    }
}
