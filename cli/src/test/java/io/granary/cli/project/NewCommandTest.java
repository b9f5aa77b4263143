package io.granary.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.cli.CommandRun;
import io.granary.warehouse.project.LoadedProject;
import io.granary.warehouse.project.ProjectLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewCommandTest {
    @TempDir
    Path project;

    @Test
    void aSubjectAndItsModelsHaveNoProblem() {
        assertThat(run("subject", "web_shop").code()).isZero();
        CommandRun first = run("model", "dwd", "dwd_web_shop_visit_di", "--subject", "web_shop");
        CommandRun second =
                run("model", "dws", "dws_web_shop_site_1d", "--subject", "web_shop", "--from", "dwd_web_shop_visit_di");

        assertThat(first.out()).isEqualTo("""
                        subjects/web_shop/models/dwd/dwd_web_shop_visit_di.sql
                        subjects/web_shop/models/dwd/dwd_web_shop_visit_di.yaml
                        """);
        assertThat(second.code()).isZero();
        LoadedProject loaded = ProjectLoader.read(project);
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.model("dws_web_shop_site_1d").orElseThrow().sql())
                .contains("FROM dwd.dwd_web_shop_visit_di AS t\nWHERE t.ds = :ds");
    }

    @Test
    void aModelOfEveryTableOfTheReferenceWarehouseHasNoProblem() throws IOException {
        copyReference();
        int models = 0;
        for (String table : new String[] {
            "ods_traffic_access_log_hi",
            "ads.ad_event",
            "dwd_trade_order_di",
            "dws.dws_trade_category_1d",
            "dim_user_df"
        }) {
            CommandRun run =
                    run("model", "dws", "dws_trade_try" + models++ + "_1d", "--subject", "trade", "--from", table);
            assertThat(run.err()).startsWith("next:");
        }
        assertThat(ProjectLoader.read(project).problems()).isEmpty();
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        run("subject", "shop");
        Path file = project.resolve("subjects/shop/subject.yaml");
        Files.writeString(file, "name: shop # mine\n");

        CommandRun again = run("subject", "shop");

        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("is there already; nothing was written");
        assertThat(file).hasContent("name: shop # mine");
    }

    @Test
    void halfAModelIsNotWrittenOver() throws IOException {
        run("subject", "shop");
        Path folder = Files.createDirectories(project.resolve("subjects/shop/models/dwd"));
        Files.writeString(folder.resolve("dwd_shop_visit_di.yaml"), "mine: 1\n");

        CommandRun run = run("model", "dwd", "dwd_shop_visit_di", "--subject", "shop");

        assertThat(run.code()).isEqualTo(2);
        assertThat(folder.resolve("dwd_shop_visit_di.sql")).doesNotExist();
        assertThat(folder.resolve("dwd_shop_visit_di.yaml")).hasContent("mine: 1");
    }

    @ParameterizedTest
    @CsvSource({
        "dws,site,Perhaps dws_shop_site_1d?",
        "dwd,dwd_visit,Perhaps dwd_shop_visit_di?",
        "dim,Customer,Perhaps dim_customer_df?",
        "ads,shop-overview,Perhaps ads_shop_overview?",
        "ods,x,ods tables are made from sources",
        "dwx,x,'Layers: dim, dwd, dws, ads'"
    })
    void aWrongNameGetsTheRightOne(String layer, String name, String hint) {
        run("subject", "shop");
        CommandRun run = run("model", layer, name, "--subject", "shop");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(hint);
        assertThat(project.resolve("subjects/shop/models")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "Shop", "a__b", "1a", "a/b", ""})
    void aSubjectIsNotNamedSo(String name) {
        assertThat(run("subject", name).code()).isEqualTo(2);
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void anOwnerIsQuotedWhereYamlNeedsIt() {
        run("subject", "shop", "--owner", "a: b # \"c\"");

        assertThat(ProjectLoader.read(project).subjects().get(0).owner()).isEqualTo("a: b # \"c\"");
    }

    @Test
    void whatIsUnknownOrPrivateIsNamed() throws IOException {
        copyReference();
        assertThat(run("model", "dwd", "dwd_trafic_x_di", "--subject", "trafic").err())
                .contains("Did you mean 'traffic'?");
        assertThat(run("model", "dwd", "dwd_trade_x_di", "--subject", "trade", "--from", "dim_usr_df")
                        .err())
                .contains("Did you mean 'dim_user_df'?");
        assertThat(run("model", "dwd", "dwd_trade_x_di", "--subject", "trade", "--from", "trade.order")
                        .err())
                .contains("are those of its database");
        assertThat(run("model", "dim", "dim_user_df", "--subject", "traffic").err())
                .contains("is there already");
    }

    private CommandRun run(String... args) {
        String[] all = Stream.concat(Stream.of(args), Stream.of("--project", project.toString()))
                .toArray(String[]::new);
        return CommandRun.of(new NewCommand(), all);
    }

    private void copyReference() throws IOException {
        Path reference = Path.of("../warehouse-sql/subjects");
        try (Stream<Path> files = Files.walk(reference)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path to = project.resolve("subjects")
                        .resolve(reference.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }
}
