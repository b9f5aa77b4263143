package io.granary.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        Shop.Day shop = day.shop();
        List<Shop.Order> paid =
                shop.orders().stream().filter(o -> o.status().equals("paid")).toList();
        Map<Long, BigDecimal> costs =
                shop.costs().stream().collect(Collectors.toMap(Shop.Cost::productId, Shop.Cost::price));
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
                shop.orders().size(),
                sum(paid.stream().map(Shop.Order::amount)),
                shop.changes().size(),
                sum(paid.stream().map(o -> costs.get(o.productId()).multiply(BigDecimal.valueOf(o.quantity())))),
                sum(shop.targets().stream().map(Shop.Target::amount)),
                pageViewsByMinute,
                visitorCounts,
                impressionsByMinute,
                clicksByMinute);
    }

    private static BigDecimal sum(Stream<BigDecimal> amounts) {
        return amounts.reduce(new BigDecimal("0.00"), BigDecimal::add);
    }

    private static long sum(Map<Instant, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
