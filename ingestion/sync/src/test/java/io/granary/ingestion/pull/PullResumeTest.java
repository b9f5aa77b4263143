package io.granary.ingestion.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.text.Digests;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A pull that was cut off fetches the rest only, and a killed one leaves the day as it was. */
class PullResumeTest extends PullScene {
    @Test
    void aConnectionThatDropsIsGoneOnFrom() throws Exception {
        SourceNode source = source("dropped", "ftp", "payments", "/dropped.csv", null, null, null);
        String content = HEADER
                + Stream.iterate(1, i -> i + 1)
                        .limit(20_000)
                        .map(i -> i + ",1.00,,row " + i + "\n")
                        .reduce("", String::concat);
        write("dropped.csv", content);
        int port = LoopbackPort.anyFree();
        profile(port, sftp.fingerprint());
        try (CuttingProxy proxy = new CuttingProxy(port, sftp.port(), 2, 150_000)) {
            assertThat(pull(source)).as(err.toString()).isZero();
            assertThat(proxy.left()).isZero();
        }
        assertThat(sql.query("SELECT CAST(count(*) AS STRING), CAST(sum(id) AS STRING) FROM " + source.table())
                        .rows())
                .containsExactly(List.of("20000", "200010000"));
    }

    @Test
    void anFtpServerIsAskedForTheRestOnly() throws Exception {
        SourceNode source = source("rest", "ftp", "bank", "/rest.csv", null, null, null);
        write("rest.csv", HEADER + "1,1.00,,a\n2,2.00,,b\n");
        Files.setLastModifiedTime(root.resolve("rest.csv"), FileTime.from(Instant.parse("2026-11-02T00:00:00Z")));
        // as a process left it that was killed
        Path part = home.resolve(
                "pull/files.rest/" + DS + "/" + Digests.sha256("/rest.csv").substring(0, 32) + ".part");
        Files.createDirectories(part.getParent());
        Files.writeString(part, HEADER + "1,1.00,,a\n");
        Files.writeString(part.resolveSibling(part.getFileName() + ".version"), "38 2026-11-02T00:00:00Z /rest.csv");

        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(ftp.commands()).contains("REST " + (HEADER + "1,1.00,,a\n").length());
        assertThat(rows(source)).containsExactly("1|1.00|null|a", "2|2.00|null|b");
    }

    @Test
    void aKilledPullLeavesTheDayAsItWasAndIsGoneOnFrom() throws Exception {
        SourceNode source = source("killed", "http", "rates", "/killed.csv", null, null, null);
        http.put("/killed.csv", HEADER + "1,1.00,,before\n");
        assertThat(pull(source)).as(err.toString()).isZero();
        StringBuilder rows = new StringBuilder(HEADER);
        for (int i = 2; i < 20_000; i++) {
            rows.append(i).append(",1.00,,after\n");
        }
        http.put("/killed.csv", rows.toString());
        http.slow("/killed.csv", true);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:Tiered"))
                .forEach(command::add);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                PullCommand.class.getName(),
                source.qualifiedName(),
                "--ds",
                DS,
                "--home",
                home.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("child.log").toFile())
                .start();
        Path part = home.resolve(
                "pull/files.killed/" + DS + "/" + Digests.sha256("/killed.csv").substring(0, 32) + ".part");
        long until = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while ((!Files.exists(part) || Files.size(part) < 2000) && process.isAlive() && System.nanoTime() < until) {
            Thread.sleep(50);
        }
        process.destroyForcibly().waitFor();
        long there = Files.size(part);
        assertThat(there).as(Files.readString(home.resolve("child.log"))).isBetween(2000L, rows.length() - 1L);
        assertThat(rows(source)).containsExactly("1|1.00|null|before");

        http.slow("/killed.csv", false);
        assertThat(pull(source)).as(err.toString()).isZero();
        assertThat(http.requests()).contains("GET /killed.csv bytes=" + there + "- with credentials");
        assertThat(err.toString()).contains("rates:/killed.csv has changed. The day is published again");
        assertThat(rows(source)).hasSize(19_998).doesNotContain("1|1.00|null|before");
    }
}
