package io.granary.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.cli.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @TempDir
    Path folder;

    @Test
    void withoutAClusterItSaysSo() {
        CommandRun run = doctor();

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("OK       java")
                .contains("WARN     manifest", "-> granary compile")
                .contains("UNKNOWN  stores    no cluster: there is no profile")
                .contains("-> granary up starts one");
    }

    @Test
    void whatAnswersIsOkAndWhatDoesNotIsWrong() throws IOException {
        try (ServerSocket open = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int closed = closedPort();
            profile("""
                    fs: hdfs://nameservice1
                    metastore: thrift://127.0.0.1:%1$d,thrift://127.0.0.1:%2$d
                    sql: jdbc:hive2://127.0.0.1:%2$d/
                    kafka: 127.0.0.1:%1$d
                    redis: redis://:secret@127.0.0.1:%2$d
                    """.formatted(open.getLocalPort(), closed));
            CommandRun run = doctor();

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.out())
                    .contains("UNKNOWN  fs         hdfs://nameservice1 names no host:port")
                    .contains("WARN     metastore  127.0.0.1:" + closed + " refuses")
                    .contains("WRONG    sql        127.0.0.1:" + closed + " refuses")
                    .contains("OK       kafka      127.0.0.1:" + open.getLocalPort() + " answers")
                    .contains("WRONG    redis", "WRONG    share", "has no connection 'share'")
                    .doesNotContain("secret");
        }
    }

    @Test
    void aLocalClusterThatIsDownIsOneTrouble() throws IOException {
        int closed = closedPort();
        profile("""
                fs: hdfs://127.0.0.1:%1$d
                metastore: thrift://127.0.0.1:%1$d
                sql: jdbc:hive2://127.0.0.1:%1$d/
                kafka: 127.0.0.1:%1$d
                redis: redis://127.0.0.1:%1$d
                connections:
                  share: {type: mariadb, host: 127.0.0.1, port: %1$d, database: share, user: granary}
                """.formatted(closed));
        CommandRun run = doctor();

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).containsOnlyOnce("WRONG").contains("no cluster runs", "-> granary up\n");
    }

    @Test
    void aTakenPortOfTheLocalClusterIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Files.writeString(folder.resolve("cluster.json"), "{\"ports\": {\"redis\": " + taken.getLocalPort() + "}}");
            CommandRun run = doctor();

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.out()).contains("WRONG    ports", "taken by another process: redis " + taken.getLocalPort());
        }
    }

    @Test
    void aBrokenProfileOrProjectIsNamed() throws IOException {
        profile("kafak: x\n");
        CommandRun run = doctor();

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("WRONG    profile", "unknown key kafak");
    }

    @Test
    void littleMemoryAndAnOldJavaAreSaid() {
        assertThat(Machine.memory(3, 2).state()).isEqualTo(Finding.State.WRONG);
        assertThat(Machine.memory(16, 2).state()).isEqualTo(Finding.State.WARN);
        assertThat(Machine.memory(16, 8).state()).isEqualTo(Finding.State.OK);
        assertThat(Machine.java(11, "/jre").state()).isEqualTo(Finding.State.WRONG);
        assertThat(Machine.java(17, folder.toString()).state()).isEqualTo(Finding.State.WARN);
    }

    private void profile(String yaml) throws IOException {
        Files.writeString(folder.resolve("profile.yaml"), yaml);
    }

    private CommandRun doctor() {
        Path project = folder.resolve("project");
        project.resolve("subjects").toFile().mkdirs();
        return CommandRun.of(new DoctorCommand(), "--home", folder.toString(), "--project", project.toString());
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
