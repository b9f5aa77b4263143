package io.granary.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.cli.CommandRun;
import io.granary.cli.SmallWarehouse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ls, show, lineage and completion on a small manifest. */
class ProjectCommandsTest {
    @TempDir
    Path folder;

    private String home;

    @BeforeEach
    void write() {
        home = SmallWarehouse.home(folder).root().toString();
    }

    @Test
    void lsListsEveryNodeAfterWhatItReads() {
        CommandRun run = CommandRun.of(new LsCommand(), "--home", home, "--output", "csv");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("""
                        name,layer,subject,materialization,owner
                        web.log,ods,web,log source,web-team
                        dwd_web_hit_di,dwd,web,incremental,web-team
                        dws_web_site_1d,dws,web,incremental,web-team
                        ads_web_overview,ads,web,incremental,web-team
                        ads_mail_reach,ads,mail,incremental,mail-team
                        web.hit,,web,counter,web-team
                        web.overview,,web,export,web-team
                        web.overview,,web,report,web-team
                        """);
    }

    @Test
    void lsTakesASelector() {
        CommandRun table = CommandRun.of(new LsCommand(), "--home", home, "--select", "subject:mail");
        CommandRun json = CommandRun.of(new LsCommand(), "--home", home, "-s", "layer:dws", "--output", "json");
        CommandRun wrong = CommandRun.of(new LsCommand(), "--home", home, "-s", "subject:mall");

        assertThat(table.out()).isEqualTo("""
                        name            layer  subject  materialization  owner
                        ads_mail_reach  ads    mail     incremental      mail-team
                        """);
        assertThat(json.out()).isEqualTo("""
                        [
                        {"name":"dws_web_site_1d","layer":"dws","subject":"web","materialization":"incremental","owner":"web-team"}
                        ]
                        """);
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("Did you mean 'mail'?");
    }

    @Test
    void withoutAManifestItSaysToCompile() {
        String empty = folder.resolve("empty").toString();
        for (CommandRun run : new CommandRun[] {
            CommandRun.of(new LsCommand(), "--home", empty),
            CommandRun.of(new ShowCommand(), "--home", empty, "x"),
            CommandRun.of(new LineageCommand(), "--home", empty, "x.y")
        }) {
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains("no manifest at").contains("granary compile");
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void showTellsWhatAModelIs() {
        CommandRun run = CommandRun.of(new ShowCommand(), "--home", home, "dws_web_site_1d", "--ds", "2026-11-01");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("grain    one row per site (unique: site)", "access   public")
                .contains("Columns\n  site  string  Site.\n  hits  bigint  Requests.\n  ds    string  Partition.\n")
                .contains("Tests\n  unique  unique (site)                       fail\n"
                        + "  rows    row_count: min 1 where site <> 'x'  warn\n")
                .contains("Reads\n  └─ dwd_web_hit_di\n     └─ log source web.log\n")
                .contains("Read by\n  ├─ ads_web_overview\n  │  └─ export web.overview\n"
                        + "  │     └─ report web.overview\n  └─ ads_mail_reach\n");
    }

    @Test
    void showBindsTheDayButNotInTextsAndComments() {
        CommandRun run = CommandRun.of(
                new ShowCommand(Clock.fixed(Instant.parse("2026-11-21T20:00:00Z"), ZoneOffset.UTC)),
                "--home",
                home,
                "ads.ads_mail_reach",
                "--sql");

        // in Shanghai it is the 22nd, so yesterday is the 21st
        assertThat(run.out()).isEqualTo("""
                        -- a day, not :ds
                        SELECT t.site, ':ds' AS text
                        FROM dws.dws_web_site_1d AS t
                        WHERE t.ds = '2026-11-21'
                        """);
    }

    @Test
    void showSuggestsAName() {
        CommandRun run = CommandRun.of(new ShowCommand(), "--home", home, "dws_web_sit_1d");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("Did you mean 'dws_web_site_1d'?");
    }

    @Test
    void lineageGoesBackAndForth() {
        CommandRun run = CommandRun.of(new LineageCommand(), "--home", home, "dwd_web_hit_di.site");

        assertThat(run.out()).isEqualTo("""
                        dwd.dwd_web_hit_di.site

                        Made from
                          └─ ods.ods_web_log_hi.site

                        Goes into
                          ├─ dws.dws_web_site_1d.site
                          │  ├─ ads.ads_web_overview.site
                          │  │  └─ export web.overview column site
                          │  └─ ads.ads_mail_reach.site
                          └─ counter web.hit by site
                        """);
    }

    @Test
    void lineageNamesWhatIsUnknown() {
        assertThat(CommandRun.of(new LineageCommand(), "--home", home, "dwd_web_hit_di.sit")
                        .err())
                .contains("has no column 'sit'. Did you mean 'site'?");
        assertThat(CommandRun.of(new LineageCommand(), "--home", home, "dwd_web_hot_di.site")
                        .err())
                .contains("no table 'dwd_web_hot_di'. Did you mean 'dwd_web_hit_di'?");
        assertThat(CommandRun.of(new LineageCommand(), "--home", home, "site").code())
                .isEqualTo(2);
    }

    @Test
    void completionKnowsEveryVerbAndItsOptions() {
        String script = CompletionCommand.script(Path.of("src/main/dist-files"));

        assertThat(script).contains("complete -F _complete_granary").contains("lineage", "compile", "build");
        // a verb of this class path with its own options, one of another with those of all
        assertThat(script)
                .contains("--select")
                .contains("_picocli_granary_build")
                .contains("--profile");
    }

    @Test
    void aParameterWithoutAValueIsNamed() {
        assertThat(SqlTokens.of("SELECT r'\\' /* a /* b */ c */ `x:y`, :z").stream()
                        .filter(t -> t.kind() == SqlTokens.Kind.PARAMETER))
                .containsExactly(new SqlTokens.Token(SqlTokens.Kind.PARAMETER, ":z"));
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> SqlTokens.bind("SELECT :start", java.util.Map.of("ds", "x"), "a.sql"))
                .hasMessageContaining("a.sql: parameter :start has no value");
    }
}
