package io.granary.streaming.count;

import io.granary.streaming.query.StreamQuery;
import io.granary.warehouse.manifest.Manifest;
import java.time.Instant;

/** Clicks, and a counter of them that a test declares. */
final class AdCounters {
    static final String COUNTER = "ads.click";

    private AdCounters() {}

    static String event(String campaign, Instant at, long cost) {
        return event("\"" + campaign + "\"", "\"" + at + "\"", Long.toString(cost));
    }

    /** Fields as JSON has them. */
    static String event(String campaign, String at, String cost) {
        return "{\"event_id\": \"e\", \"event_type\": \"click\", \"event_at\": " + at + ", \"campaign_id\": " + campaign
                + ", \"cost_cents\": " + cost + "}";
    }

    /** A time that is written as 3 cents is none. */
    static StreamQuery query(String counter) {
        return query(
                "SELECT e.campaign_id, e.event_type, e.cost_cents, IF(e.cost_cents = 3, NULL, e.event_at) AS event_at"
                        + " FROM ods.ods_ads_ad_event_hi AS e WHERE e.ds = :ds",
                counter);
    }

    /** The clicks' model and counter, otherwise; nothing else is counted. */
    static StreamQuery query(String sql, String counter) {
        String json = CountingFixture.text()
                .replaceFirst("\"sql\": \"SELECT e.campaign_id[^\"]*\"", "\"sql\": \"" + sql + "\"")
                .replaceFirst(
                        "(?s)\"inputs\": \\[\"ods.ods_ads_ad_event_hi\"\\](, \"columns\": \\[\\], \"hash\": \"3\")",
                        sql.contains("dim.")
                                ? "\"inputs\": [\"dim.dim_campaign_df\", \"ods.ods_ads_ad_event_hi\"]$1"
                                : "$0")
                .replaceFirst(
                        "\"models\": \\[",
                        "\"models\": [{\"id\": \"model.dim_campaign_df\", \"subject\": \"ads\", \"layer\": \"dim\", \"name\": \"dim_campaign_df\", \"table\": \"dim.dim_campaign_df\", \"file\": \"c.sql\", \"sql\": \"\", \"description\": \".\", \"owner\": \"a\", \"grain\": \".\", \"unique\": [\"id\"], \"partition\": [\"ds\"], \"materialization\": \"incremental\", \"streamable\": false, \"access\": \"public\", \"parameters\": [], \"inputs\": [], \"columns\": [], \"hash\": \"4\"},")
                .replaceFirst(
                        "(?s)\"counters\": \\[.*?\\n  \\],",
                        "\"counters\": [{\"id\": \"counter.ads.click\", \"subject\": \"ads\", \"name\": \"click\","
                                + " \"description\": \".\", \"from\": \"dwd.dwd_ads_click_di\", \"time\": \"event_at\", "
                                + counter.replace("\n", " ") + "}],");
        return StreamQuery.of(Manifest.fromJson(json, "test")).get(0);
    }
}
