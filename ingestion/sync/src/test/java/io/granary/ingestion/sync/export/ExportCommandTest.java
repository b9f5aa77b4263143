package io.granary.ingestion.sync.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.ingestion.sync.redis.PipelinedHashes;
import io.granary.ingestion.sync.redis.RedisFixture;
import io.granary.warehouse.redis.Attributes;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** The verb, into Redis and into a file. */
class ExportCommandTest {
    private static final String DS = "2026-11-01";

    @TempDir
    Path home;

    private final StringWriter err = new StringWriter();

    @Test
    void attributesReachRedisOnceAVersion() throws Exception {
        try (RedisFixture server = new RedisFixture();
                RedisClient redis = server.client()) {
            Exported visits = Exported.intoRedis(home, server.port());
            visits.build(DS, Exported.run(1), 3000, 1);
            assertThat(visits.command(err, "ads.visits", "--ds", DS))
                    .as(err.toString())
                    .isZero();
            Attributes attributes = new Attributes(new PipelinedHashes(redis), "visitor");
            Attributes.Answer answer = attributes
                    .of(List.of("visitor é 17", "visitor é 2999", "nobody"))
                    .orElseThrow();
            assertThat(answer.byId().get("visitor é 17")).isEqualTo(Map.of("hits", "1", "amount", "17.10"));
            assertThat(answer.byId().get("nobody")).isEmpty();
            assertThat(answer.version().rows()).isEqualTo(3000);
            assertThat(answer.version().label()).isEqualTo("export.ads.visits " + DS + " " + Exported.run(1));

            assertThat(visits.command(err, "ads.visits", "--ds", DS)).isZero();
            assertThat(err.toString()).contains("already there: version " + Exported.run(1));
            assertThat(attributes.current().orElseThrow().number()).isEqualTo(1);

            visits.build(DS, Exported.run(2), 3000, 2);
            assertThat(visits.command(err, "ads.visits", "--ds", DS)).isZero();
            visits.build("2026-10-31", Exported.run(3), 5, 3);
            assertThat(visits.command(err, "ads.visits", "--ds", "2026-10-31")).isEqualTo(1);
            assertThat(err.toString()).contains("the sharing layer has ds=" + DS);
            assertThat(attributes
                            .of(List.of("visitor é 17"))
                            .orElseThrow()
                            .byId()
                            .get("visitor é 17"))
                    .containsEntry("hits", "2");
            String job = Files.readString(home.resolve("target/jobs/export.ads.visits.2026-11-01.json"));
            assertThat(job).contains("rediswriter", "redis://127.0.0.1:" + server.port());
        }
    }

    @Test
    void aCsvFileIsWholeAndHarmless() throws Exception {
        Exported visits = Exported.intoRedis(home, 1);
        visits.build(DS, Exported.run(1), 6, -1);
        Path file = home.resolve("out/visits.csv");
        assertThat(visits.command(err, "ads.visits", "--ds", DS, "--to", file.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("cannot write " + file);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "old");
        assertThat(visits.command(err, "ads.visits", "--ds", DS, "--to", file.toString()))
                .as(err.toString())
                .isZero();
        assertThat(Files.readString(file).split("\r\n"))
                .containsExactlyInAnyOrder(
                        "visitor,hits,amount,ds",
                        "visitor é 0,-1,0.10," + DS,
                        "visitor é 1,-1,1.10," + DS,
                        "'=1+1,-1,2.10," + DS,
                        "-3,-1,3.10," + DS,
                        "\"a \"\"b\"\", c\",-1,4.10," + DS,
                        "visitor é 5,-1,5.10," + DS);
        assertThat(visits.command(err, "ads.visits", "--ds", DS, "--to", file.toString(), "--keep-formulas"))
                .isZero();
        assertThat(Files.readString(file)).contains("\r\n=1+1,");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }
}
