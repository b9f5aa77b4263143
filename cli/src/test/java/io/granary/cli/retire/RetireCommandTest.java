package io.granary.cli.retire;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.cli.CommandRun;
import io.granary.cli.SmallWarehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetireCommandTest {
    @TempDir
    Path folder;

    private String home;

    @BeforeEach
    void write() {
        home = SmallWarehouse.home(folder).root().toString();
    }

    @Test
    void whatWouldGoAndWhoReadsIt() {
        CommandRun run = retire("web", "--plan", "--output", "csv");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("""
                        what,name,remark
                        files,subjects/web/,the definition
                        table,ods.ods_web_log_hi,log source
                        topic,granary.web.log,"in Kafka, stays"
                        landing,/granary/landing/web.log/,log lines as they came
                        keys,g:{*}:fence:web.log,in Redis
                        keys,g:epoch:web.log,in Redis
                        keys,g:as_of:web.log,in Redis
                        keys,g:alive:web.log,in Redis
                        keys,g:ended:web.log,in Redis
                        checkpoint,/granary/checkpoints/streaming/web.log/,of the stream
                        table,dwd.dwd_web_hit_di,incremental
                        table,dws.dws_web_site_1d,incremental
                        table,ads.ads_web_overview,incremental
                        counter,web.hit,windows 1m
                        keys,g:{*}:c:web.hit:*,in Redis
                        keys,g:{*}:u:web.hit:*,in Redis
                        keys,g:{*}:x:*:web.hit:*,in Redis
                        export,web.overview,table web_overview in share
                        report,web.overview,Overview
                        task,seal.web.log,of the workflow
                        task,build.web.dwd,of the workflow
                        task,build.web.dws,of the workflow
                        task,build.web.ads,of the workflow
                        task,export.web,of the workflow
                        read by,subjects/mail/models/ads/ads_mail_reach.sql:3,ads_mail_reach reads dws.dws_web_site_1d
                        """);
        assertThat(run.err()).contains("web is still read in 1 place");
    }

    @Test
    void aCommentIsNoReader() throws IOException {
        Path file = folder.resolve("project/subjects/mail/models/ads/ads_mail_reach.sql");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file, "-- of dws.dws_web_site_1d\n/* dws.dws_web_site_1d\n*/\nSELECT 1\nFROM dws.`dws_web_site_1d`\n");

        CommandRun run =
                retire("web", "--plan", "--project", folder.resolve("project").toString());

        assertThat(run.out()).contains("ads_mail_reach.sql:5");
    }

    @Test
    void aSubjectThatNobodyReadsMayGo() {
        CommandRun run = retire("mail", "--plan");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("ads.ads_mail_reach").doesNotContain("read by");
        assertThat(run.err()).contains("nobody outside mail reads it");
    }

    @Test
    void itNeedsAPlanAndAKnownSubject() {
        assertThat(retire("web").code()).isEqualTo(2);
        assertThat(retire("wbe", "--plan").err()).contains("there is no subject 'wbe'");
    }

    private CommandRun retire(String... args) {
        String[] all = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(args), java.util.stream.Stream.of("--home", home))
                .toArray(String[]::new);
        return CommandRun.of(new RetireCommand(), all);
    }
}
