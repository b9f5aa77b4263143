package io.granary.warehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {
    @TempDir
    Path dir;

    @Test
    void theContractsExampleIsReadWithItsReferences() throws Exception {
        Files.createDirectories(dir.resolve("secrets"));
        Files.writeString(dir.resolve("secrets/mariadb"), "s3cret\n");
        Profile profile = profile(example(), Map.of());

        assertThat(profile.region()).isEqualTo("local");
        assertThat(profile.fs()).isEqualTo("hdfs://127.0.0.1:41001");
        assertThat(profile.sql()).isEqualTo("jdbc:hive2://127.0.0.1:41003/");
        Connection shop = profile.connection("shop");
        assertThat(shop.jdbcUrl()).isEqualTo("jdbc:mariadb://127.0.0.1:41007/shop");
        assertThat(shop.password()).isEqualTo("s3cret");
        assertThat(shop.toString()).doesNotContain("s3cret");
        assertThat(profile.share().database()).isEqualTo("share");
        assertThat(profile.resolve("${var:demo_logs}/access.log*")).isEqualTo("/tmp/granary/demo/logs/access.log*");
    }

    @Test
    void serversOfFilesAreConnectionsToo() throws Exception {
        Files.createDirectories(dir.resolve("secrets"));
        Files.writeString(dir.resolve("secrets/bank"), "s3cret\n");
        Profile profile = profile(example(), Map.of("PAYMENTS_PASSWORD", "p4ss"));
        RemoteServer payments = profile.remote("payments");
        assertThat(payments.port()).isEqualTo(22);
        assertThat(payments.password()).isEqualTo("p4ss");
        assertThat(payments.toString()).isEqualTo("payments (sftp sftp.example.org:22)");
        assertThat(profile.remote("bank").tls()).isTrue();
        assertThat(profile.webServers()).extracting(RemoteServer::port).containsExactly(443);
        assertThatThrownBy(() -> profile.remote("nowhere")).hasMessageContaining("no connection 'nowhere'");
        assertThatThrownBy(() -> profile.remote("shop")).hasMessageContaining("type is 'mariadb'");
        assertThatThrownBy(() -> profile("connections: {a: {type: sftp, host: h}}\n", Map.of())
                        .remote("a"))
                .hasMessageContaining("connections.a.host_key is ''");
        assertThatThrownBy(() -> profile("connections: {a: {type: ftp, host: h, tls: maybe}}\n", Map.of())
                        .remote("a"))
                .hasMessageContaining("tls is 'maybe'");
        assertThatThrownBy(() -> profile("connections: {a: {type: http, host: h, verify: false}}\n", Map.of()))
                .hasMessageContaining("unknown key connections.a.verify");
    }

    @Test
    void hostGroupsNameTheMachinesThatCollect() throws Exception {
        assertThat(profile("region: north\n", Map.of()).hostGroups()).isEmpty();
        assertThat(profile(example(), Map.of()).hostGroups()).isEqualTo(Map.of("web", List.of("web-1", "web-2")));
        assertThat(profile("host_groups: {web: [web-1, web-2], ads: [ads-1]}\n", Map.of())
                        .hostGroups())
                .isEqualTo(Map.of("web", List.of("web-1", "web-2"), "ads", List.of("ads-1")));
        assertThatThrownBy(() -> profile("host_groups: {web: [web-1, web-1]}\n", Map.of()))
                .hasMessageContaining("host_groups.web is [\"web-1\",\"web-1\"]");
        assertThatThrownBy(() -> profile("host_groups: {web: web-1}\n", Map.of()))
                .hasMessageContaining("host_groups.web");
        assertThatThrownBy(() -> profile("host_groups: [web-1]\n", Map.of())).hasMessageContaining("host_groups is [");
    }

    @Test
    void theEnvironmentGoesBeforeTheFile() throws Exception {
        Profile profile = profile(
                example(),
                Map.of(
                        "GRANARY_KAFKA", "broker:9092",
                        "GRANARY_CONNECTIONS_SHOP_HOST", "db.example",
                        "GRANARY_CONNECTIONS_SHOP_PASSWORD", "x"));
        assertThat(profile.kafka()).isEqualTo("broker:9092");
        assertThat(profile.connection("shop").jdbcUrl()).isEqualTo("jdbc:mariadb://db.example:41007/shop");
    }

    @Test
    void aSecretIsReadOnlyByWhoAsksForIt() throws Exception {
        Profile profile = profile(example(), Map.of());
        assertThat(profile.kafka()).isEqualTo("127.0.0.1:41004");
        assertThatThrownBy(() -> profile.connection("shop"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("secrets/mariadb");
    }

    @Test
    void whatIsMissingOrUnknownIsNamed() throws Exception {
        assertThatThrownBy(() -> profile("kafak: x\n", Map.of())).hasMessageContaining("unknown key kafak");
        assertThatThrownBy(() -> profile("connections: {shop: {hots: x}}\n", Map.of()))
                .hasMessageContaining("unknown key connections.shop.hots");
        assertThatThrownBy(() -> profile("name: a\n", Map.of()).redis())
                .hasMessageContaining("'redis'")
                .hasMessageContaining("GRANARY_REDIS");
        assertThatThrownBy(() -> profile("name: a\n", Map.of()).connection("shop"))
                .hasMessageContaining("no connection 'shop'");
        assertThatThrownBy(() -> profile("redis: \"${env:NOPE}\"\n", Map.of()).redis())
                .hasMessageContaining("${env:NOPE} has no value");
        assertThatThrownBy(() -> profile("connections: {a: {host: h, port: x1, database: d, user: u}}\n", Map.of())
                        .connection("a"))
                .hasMessageContaining("'x1', not a number");
        assertThatThrownBy(() -> Profile.load(dir.resolve("none.yaml"), Map.of()))
                .hasMessageContaining("no profile at")
                .hasMessageContaining("granary up");
    }

    private Profile profile(String yaml, Map<String, String> environment) throws Exception {
        Path file = dir.resolve("profile.yaml");
        Files.writeString(file, yaml);
        return Profile.load(file, environment);
    }

    private static String example() throws Exception {
        Matcher block = Pattern.compile("```yaml contract:profile\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/contracts.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
