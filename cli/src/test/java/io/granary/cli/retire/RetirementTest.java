package io.granary.cli.retire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.cli.retire.Retirement.Outcome;
import io.granary.cli.retire.Retirement.Wish;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.TableFootprint;
import io.granary.tablestore.TableName;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The subject ads of the reference warehouse leaves and comes back. */
class RetirementTest extends RetirementScene {
    @Test
    void outAndInAndOutForGood() throws Exception {
        String before = tree();
        String hash = platform.compile(project, home()).hash();
        SortedMap<String, TableFootprint> tables = tables();

        Outcome out = retirement().apply(NEXT);

        assertThat(out.isGood()).as(out.proof().rows().toString()).isTrue();
        assertThat(out.stage()).isEqualTo(Stage.QUARANTINED);
        assertThat(project.resolve("subjects/ads")).doesNotExist();
        assertThat(project.resolve("retired/ads/subjects/ads/subject.yaml")).exists();
        assertThat(platform.restarted).containsExactly("flume", "streaming");
        assertThat(tables().keySet())
                .contains(OTHER, "granary_retired.ads__ads_ads_creative_effect")
                .doesNotContainAnyElementsOf(OWN);
        assertThat(shareTables())
                .containsExactly(
                        "ads_traffic_site_overview", "granary_exports", "granary_retired__ads_ads_creative_effect");
        assertThat(redis.dbSize()).isEqualTo(5);
        assertThat(out.proof().rows())
                .extracting(row -> row.get(0) + " " + row.get(4))
                .containsExactly(
                        "models of others equal",
                        "definitions of others equal",
                        "tables of others equal",
                        "share tables of others equal");

        assertThatThrownBy(() -> retirement(LocalWarehouse.shared()::profile).undo())
                .hasMessageContaining("profile 'shop', this is profile 'test'")
                .hasMessageContaining("Nothing was changed");
        assertThat(retirement().apply(NEXT).stage()).isEqualTo(Stage.QUARANTINED);
        assertThat(said).last().asString().contains("in 30 days 0 hours", "Nothing was changed");

        Outcome back = retirement().undo();

        assertThat(back.isGood()).as(back.proof().rows().toString()).isTrue();
        assertThat(tree()).isEqualTo(before);
        assertThat(tables()).isEqualTo(tables);
        assertThat(shareTables()).contains("ads_ads_creative_effect").hasSize(3);
        assertThat(platform.compile(project, home()).hash()).isEqualTo(hash);
        assertThat(back.proof().rows().toString()).contains("[manifest, , " + hash.substring(0, 12));
        assertThatThrownBy(() -> retirement().undo()).hasMessageContaining("ads is not retired");

        retirement().apply(NEXT);
        now = now.plus(Duration.ofDays(30));
        Outcome dropped = retirement().apply(NEXT);

        assertThat(dropped.isGood()).as(dropped.proof().rows().toString()).isTrue();
        assertDropped();
        assertThat(dropped.proof().rows())
                .extracting(row -> row.get(0) + " " + row.get(4))
                .containsExactly(
                        "tables of others equal", "share tables of others equal", "Redis keys of others equal");
        assertThat(retirement().apply(NEXT).stage()).isEqualTo(Stage.DROPPED);
        assertThatThrownBy(() -> retirement().undo())
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("cannot be brought back. Its definition can");

        // the definition comes in again, and goes again
        Files.move(project.resolve("retired/ads/subjects/ads"), project.resolve("subjects/ads"));
        assertThat(retirement().apply(NEXT).stage()).isEqualTo(Stage.QUARANTINED);
        assertThat(retirement().undo().isGood()).isTrue();
        assertThat(project.resolve("retired")).isDirectoryContaining("glob:**/ads-20261222T000000Z");
    }

    @Test
    void stoppedOnlyItNeedsNoStores() throws Exception {
        String before = tree();
        Supplier<Profile> none = () -> {
            throw new GranaryException(io.granary.warehouse.error.ErrorCode.NOT_FOUND, "no profile");
        };
        assertThatThrownBy(() -> retirement(none).apply(NEXT)).hasMessageContaining("Nothing was changed");
        assertThat(tree()).isEqualTo(before);

        assertThat(retirement(none).apply(new Wish(true, null, false)).stage()).isEqualTo(Stage.STOPPED);
        assertThat(project.resolve("subjects/ads")).doesNotExist();
        assertThat(tables().keySet()).containsAll(OWN);
        assertThat(retirement(none).undo().isGood()).isTrue();
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void whoeverIsReadStays() throws Exception {
        Path sql = project.resolve("subjects/trade/models/ads/ads_trade_overview.sql");
        Path yaml = project.resolve("subjects/ads/models/dws/dws_ads_creative_1d.yaml");
        Files.writeString(yaml, Files.readString(yaml).replaceAll("(?m)^access: .*\n", "") + "access: public\n");
        Files.writeString(
                sql,
                Files.readString(sql)
                        .replaceFirst(
                                "WHERE ",
                                "WHERE EXISTS (SELECT 1 FROM dws.dws_ads_creative_1d AS c WHERE c.ds = :ds) AND "));
        String before = tree();

        Outcome out = retirement().apply(NEXT);

        assertThat(out.isGood()).isFalse();
        assertThat(out.readers())
                .extracting(Reader::place)
                .singleElement()
                .asString()
                .startsWith("subjects/trade/models/ads/ads_trade_overview.sql:");
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void aTableThatIsThereAgainIsNotOverwritten() throws Exception {
        retirement().apply(NEXT);
        try (HiveJdbcSession session = HiveJdbcSession.open(profile);
                HiveTableStore store = HiveTableStore.open(profile, session)) {
            publish(store, session, TableName.parse(OWN.get(1)));
            assertThatThrownBy(() -> retirement().undo()).hasMessageContaining("Nothing was changed");
            assertThatThrownBy(() -> retirement().apply(ALL)).hasMessageContaining("Nothing was changed");
            session.execute("DROP TABLE " + OWN.get(1));
        }
        assertThat(retirement().undo().isGood()).isTrue();
    }

    @Test
    void aStreamThatStillCountsIsNotDropped() {
        redis.hset(
                "g:as_of:ads.ad_event",
                "at",
                String.valueOf(now.minusSeconds(30).toEpochMilli()));
        CompiledHere remote = new CompiledHere(false);
        Retirement elsewhere = retirement(remote, () -> profile);
        elsewhere.apply(NEXT);
        assertThat(said.toString()).contains("start again where they run", "flume, streaming");
        assertThatThrownBy(() -> elsewhere.apply(ALL)).hasMessageContaining("still runs with the old manifest");
        now = now.plusSeconds(180);
        assertThat(retirement(remote, () -> profile).apply(ALL).stage()).isEqualTo(Stage.DROPPED);
    }
}
