package io.granary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is written into a copy of the reference warehouse to change its counters.
 *
 * @param project its folder
 */
record ChangedSubjects(Path project) {
    private static final List<String> ADS = List.of("click", "creative", "impression");

    /** Traffic gets two counters; the ad log loses all that it has, and so its query. */
    void addAndRemove() throws IOException {
        write(
                "traffic/counters/asked.yaml",
                counter("dwd_traffic_hit_di", "where: is_page_view\nby: [site]", "1h, 1d"));
        write("traffic/counters/fresh.yaml", counter("dwd_traffic_hit_di", "by: [site, status]", "1h, total"));
        for (String name : ADS) {
            Files.move(ads(name), aside(name));
        }
    }

    /** The ad log has its counters again, and one that was over the other log. */
    void bringBackAndMove() throws IOException {
        for (String name : ADS) {
            Files.move(aside(name), ads(name));
        }
        write("traffic/counters/asked.yaml", counter("dwd_ads_click_di", "by: [site]", "1h, 1d"));
    }

    private static String counter(String from, String what, String windows) {
        return """
                description: For a test.
                from: %s
                time: event_at
                %s
                windows: [%s]
                measures:
                  - {name: seen, type: count}
                ttl: 40d
                """.formatted(from, what, windows);
    }

    private Path ads(String counter) {
        return file("ads/counters/" + counter + ".yaml");
    }

    private Path aside(String counter) {
        return project.resolve(counter + ".yaml");
    }

    private Path file(String name) {
        return project.resolve("subjects").resolve(name);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(file(name), content);
    }
}
