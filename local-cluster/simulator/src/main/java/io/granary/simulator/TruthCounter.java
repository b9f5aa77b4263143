package io.granary.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts what was written, naively and with nothing of the warehouse's own code. */
final class TruthCounter {
    private final SimulatedDay day;
    private final Set<List<String>> visitors = new HashSet<>();
    private final Map<Instant, Long> pageViewsByMinute = new TreeMap<>();
    private final Map<Instant, Set<List<String>>> visitorsByMinute = new TreeMap<>();
    private final Map<Instant, Long> impressionsByMinute = new TreeMap<>();
    private final Map<Instant, Long> clicksByMinute = new TreeMap<>();
    private long hits;
    private long brokenLines;
    private long bytes;

    TruthCounter(SimulatedDay day) {
        this.day = day;
    }

    void count(SiteEvent event) {
        Instant minute = event.at().truncatedTo(ChronoUnit.MINUTES);
        if (event instanceof SiteEvent.Request request) {
            hits++;
            bytes += request.bytes();
            if (request.isPageView()) {
                List<String> visitor =
                        List.of(request.visitor().clientIp(), request.visitor().userAgent());
                visitors.add(visitor);
                pageViewsByMinute.merge(minute, 1L, Long::sum);
                visitorsByMinute.computeIfAbsent(minute, m -> new HashSet<>()).add(visitor);
            }
        } else if (event instanceof SiteEvent.AdEvent ad) {
            (ad.type().equals("click") ? clicksByMinute : impressionsByMinute).merge(minute, 1L, Long::sum);
        } else {
            brokenLines++;
        }
    }

    Truth truth() {
        List<Shop.Order> orders = day.shop().orders();
        Map<Instant, Long> visitorCounts = new TreeMap<>();
        visitorsByMinute.forEach((minute, who) -> visitorCounts.put(minute, (long) who.size()));
        return new Truth(
                1,
                day.site(),
                day.ds(),
                day.seed(),
                hits,
                brokenLines,
                bytes,
                sum(pageViewsByMinute),
                visitors.size(),
                sum(impressionsByMinute),
                sum(clicksByMinute),
                orders.size(),
                orders.stream()
                        .filter(o -> o.status().equals("paid"))
                        .map(Shop.Order::amount)
                        .reduce(new BigDecimal("0.00"), BigDecimal::add),
                pageViewsByMinute,
                visitorCounts,
                impressionsByMinute,
                clicksByMinute);
    }

    private static long sum(Map<Instant, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
