package io.granary.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveSiteTest {
    private static final Pattern LINE = Pattern.compile(
            "(\\S+) - (\\S+) \\[([^]]+)] \"(\\S+) (\\S+) HTTP/1.1\" (\\d{3}) (\\d+|-) \"([^\"]*)\" \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern PAGE = Pattern.compile("(?i)[^?]*\\.(css|js|svg|webp|ico|woff2|txt|xml)(\\?.*)?");

    @TempDir
    Path dir;

    @Test
    void whatWasWrittenHoldsTheTruth() throws Exception {
        SimulatedDay day = new SimulatedDay("demo-shop", LocalDate.parse("2026-11-01"), 1, 200);
        Truth truth = new LiveSite(day, dir, Duration.ZERO).run(p -> {});

        long hits = 0;
        long bytes = 0;
        long pageViews = 0;
        long broken = 0;
        Set<String> visitors = new HashSet<>();
        for (String line : lines("access.log")) {
            Matcher m = LINE.matcher(line);
            if (!m.matches()) {
                broken++;
                continue;
            }
            hits++;
            bytes += m.group(7).equals("-") ? 0 : Long.parseLong(m.group(7));
            boolean ok = m.group(6).equals("200") || m.group(6).equals("304");
            if (m.group(4).equals("GET") && ok && !PAGE.matcher(m.group(5)).matches()) {
                pageViews++;
                visitors.add(m.group(1) + " " + m.group(9));
            }
        }
        assertThat(hits).isEqualTo(truth.hits()).isGreaterThan(1000);
        assertThat(bytes).isEqualTo(truth.bytes());
        assertThat(pageViews).isEqualTo(truth.pageViews());
        assertThat(visitors).hasSize((int) truth.visitors());
        assertThat(broken).isEqualTo(truth.brokenLines()).isEqualTo(3);
        List<String> ads = lines("ad.log");
        assertThat(ads.stream().filter(l -> l.contains("\"click\""))).hasSize((int) truth.clicks());
        assertThat(ads).hasSize((int) (truth.clicks() + truth.impressions()));
    }

    @Test
    void aSeedGivesTheSameDayAndAnotherSeedAnother() throws Exception {
        Truth one = truth(dir.resolve("1"), 1);
        assertThat(truth(dir.resolve("2"), 1)).isEqualTo(one);
        assertThat(truth(dir.resolve("3"), 2)).isNotEqualTo(one);
        assertThat(Files.mismatch(dir.resolve("1/ad.log.2026-11-01.1"), dir.resolve("2/ad.log.2026-11-01.1")))
                .isEqualTo(-1);
    }

    @Test
    void everyEventIsOnTheDay() {
        SimulatedDay day = new SimulatedDay("demo-shop", LocalDate.parse("2026-11-01"), 3, 500);
        assertThat(day.events()).allSatisfy(e -> assertThat(e.at().toString()).startsWith("2026-11-01T"));
        assertThat(day.shop().orders())
                .isNotEmpty()
                .allSatisfy(o -> assertThat(o.orderedAt().toString()).startsWith("2026-11-01T"));
    }

    @Test
    void changesLeadToTheOrdersAsTheyAreInTheEnd() {
        Shop.Day shop = new SimulatedDay("demo-shop", LocalDate.parse("2026-11-01"), 1, 1200).shop();

        Map<Long, String> last = new HashMap<>();
        Instant before = Instant.MIN;
        for (Shop.Change change : shop.changes()) {
            assertThat(change.at()).isAfterOrEqualTo(before).isBefore("2026-11-02T00:00:00Z");
            assertThat(last.put(change.orderId(), change.after())).isEqualTo(change.before());
            before = change.at();
        }
        assertThat(shop.orders())
                .allSatisfy(order -> assertThat(last).containsEntry(order.id(), order.status()))
                .extracting(Shop.Order::status)
                .contains("placed", "paid", "cancelled");
    }

    @Test
    void truthIsReadBackAsWritten() throws Exception {
        Truth truth = truth(dir.resolve("1"), 1);
        truth.write(dir.resolve("t/truth.json"));
        assertThat(Truth.read(dir.resolve("t/truth.json"))).isEqualTo(truth);
    }

    @Test
    void aDayIsTakenOnce() {
        LocalDate today = LocalDate.parse("2026-12-24");
        assertThat(calendar().take(today)).isEqualTo(LocalDate.parse("2026-12-18"));
        assertThat(calendar().take(today)).isEqualTo(LocalDate.parse("2026-12-19"));
        assertThat(calendar().take(today.plusDays(1))).isEqualTo(LocalDate.parse("2026-12-20"));
        LocalDate weeksLater = LocalDate.parse("2027-02-01");
        assertThat(calendar().take(weeksLater)).isEqualTo(LocalDate.parse("2027-01-26"));
    }

    @Test
    void aDayToComeIsNotTaken() {
        LocalDate today = LocalDate.parse("2026-12-24");
        for (int i = 0; i < 6; i++) {
            calendar().take(today);
        }
        assertThatThrownBy(() -> calendar().take(today))
                .hasMessageContaining("has lived every day up to 2026-12-23")
                .hasMessageContaining("--home");
        assertThat(calendar().take(today.plusDays(1))).isEqualTo(today);
    }

    @Test
    void aChosenDayIsTakenOnce() {
        LocalDate day = LocalDate.parse("2026-11-01");
        LocalDate today = LocalDate.parse("2026-11-03");
        assertThat(calendar().take(day, today)).isEqualTo(day);
        assertThatThrownBy(() -> calendar().take(day, today))
                .hasMessageContaining("cannot live 2026-11-01: its next day is 2026-11-02 or later");
        assertThatThrownBy(() -> calendar().take(today, today)).hasMessageContaining("before today (2026-11-03, UTC)");
        assertThat(calendar().take(today)).isEqualTo(LocalDate.parse("2026-11-02"));
    }

    private Calendar calendar() {
        return new Calendar(dir.resolve("calendar"));
    }

    private static Truth truth(Path logs, long seed) throws InterruptedException {
        SimulatedDay day = new SimulatedDay("demo-shop", LocalDate.parse("2026-11-01"), seed, 50);
        return new LiveSite(day, logs, Duration.ZERO).run(p -> {});
    }

    private List<String> lines(String name) throws Exception {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith(name))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
