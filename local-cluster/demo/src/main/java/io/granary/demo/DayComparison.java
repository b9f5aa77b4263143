package io.granary.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.simulator.Truth;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/** Puts the day's numbers side by side: what the simulator knows, and what each path of the warehouse says. */
final class DayComparison {
    private final Batch batch;
    private final RealTime realTime;

    DayComparison(Batch batch, RealTime realTime) {
        this.batch = batch;
        this.realTime = realTime;
    }

    Comparison of(Truth truth) {
        Comparison comparison = new Comparison();
        traffic(comparison, truth);
        trade(comparison, truth);
        minutes(comparison, truth);
        return comparison;
    }

    private void traffic(Comparison c, Truth t) {
        JsonNode traffic = realTime.report("traffic.overview", t.ds());
        JsonNode ads = realTime.report("ads.effect", t.ds());
        c.add("requests", t.hits(), batch.number("hits"), sum(traffic, "hits"), null);
        c.add("bytes", t.bytes(), batch.number("bytes"), sum(traffic, "bytes"), null);
        c.add("broken lines, quarantined", t.brokenLines(), batch.number("broken_lines"), null, null);
        c.add(
                "page views",
                t.pageViews(),
                batch.number("page_views"),
                sum(traffic, "page_views"),
                realTime.day("traffic.page_view", "page_views", t.ds()));
        c.add(
                "visitors",
                t.visitors(),
                batch.number("visitors"),
                sum(traffic, "visitors"),
                realTime.day("traffic.page_view", "visitors", t.ds()));
        c.add(
                "ad impressions",
                t.impressions(),
                batch.number("impressions"),
                sum(ads, "impressions"),
                realTime.day("ads.impression", "impressions", t.ds()));
        c.add(
                "ad clicks",
                t.clicks(),
                batch.number("clicks"),
                sum(ads, "clicks"),
                realTime.day("ads.click", "clicks", t.ds()));
    }

    private void trade(Comparison c, Truth t) {
        JsonNode trade = realTime.report("trade.overview", t.ds());
        c.add("orders", t.orders(), batch.number("orders"), sum(trade, "orders"), null);
        c.add("paid amount", t.paidAmount(), batch.number("paid_amount"), sum(trade, "paid_amount"), null);
        c.add("order changes, polled", t.orderChanges(), batch.number("order_changes"), null, null);
        c.add("cost of paid orders, pulled", t.cost(), batch.number("cost"), null, null);
        c.add("month's target, uploaded", t.monthTarget(), batch.number("month_target"), null, null);
    }

    private void minutes(Comparison c, Truth t) {
        byMinute(c, t, "page views", "page_views", "traffic.page_view", t.pageViewsByMinute());
        byMinute(c, t, "visitors", "visitors", "traffic.page_view", t.visitorsByMinute());
        byMinute(c, t, "ad impressions", "impressions", "ads.impression", t.impressionsByMinute());
        byMinute(c, t, "ad clicks", "clicks", "ads.click", t.clicksByMinute());
    }

    private void byMinute(
            Comparison c, Truth t, String name, String measure, String counter, Map<Instant, Long> truth) {
        c.add(
                name + ", minutes equal",
                truth.size(),
                equalMinutes(truth, batch.minutes(measure)),
                null,
                equalMinutes(truth, realTime.minutes(counter, measure, t.ds())));
    }

    /** How many of the truth's minutes are the same; minutes that should be empty count against it. */
    private static long equalMinutes(Map<Instant, Long> truth, Map<Instant, Long> found) {
        long equal = truth.entrySet().stream()
                .filter(e -> e.getValue().equals(found.get(e.getKey())))
                .count();
        long extra = found.keySet().stream().filter(m -> !truth.containsKey(m)).count();
        return equal - extra;
    }

    private static BigDecimal sum(JsonNode rows, String column) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode row : rows) {
            sum = sum.add(new BigDecimal(row.path(column).asText()));
        }
        return sum;
    }
}
