package io.granary.bench;

import io.granary.warehouse.config.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The project that counts the events: a log source, the campaign of each ad as a dimension, a streamable model that joins
 * them, and counters over it. Compiled and built as any other.
 */
final class AdProject {
    private static final String SUBJECT = "subjects/ysb/";
    private static final List<List<String>> DIMENSIONS = List.of(
            List.of("campaign_id"),
            List.of("ad_type"),
            List.of("campaign_id", "ad_type"),
            List.of("ad_id"),
            List.of("ad_id", "ad_type"));
    private static final List<String> TYPES = List.of("banner", "modal", "sponsored-search", "mail", "mobile");

    private final Verbs verbs;
    private final Path root;
    private final Home home;

    /**
     * Writes, compiles and builds it.
     *
     * @param verbs on the running cluster
     * @param folder of its own, for the project, its home and the logs that its source names
     * @param ads lines of ad, comma, campaign
     * @param counters file name without ending, and text
     */
    AdProject(Verbs verbs, Path folder, List<String> ads, Map<String, String> counters) throws IOException {
        this.root = folder.resolve("project");
        this.home = new Home(folder.resolve("home"));
        this.verbs = verbs.on(root, home);
        Files.createDirectories(folder.resolve("logs"));
        write("subject.yaml", "subject.yaml", Map.of());
        write("sources/ad.yaml", "ad.yaml", Map.of("logs", folder.resolve("logs")));
        for (String model : List.of("dim/dim_ysb_ad_df", "dwd/dwd_ysb_view_di")) {
            String name = model.substring(4);
            write("models/" + model + ".sql", name + ".sql", Map.of());
            write("models/" + model + ".yaml", name + ".yaml", Map.of());
        }
        List<String> seed = new ArrayList<>(List.of("ad_id,campaign_id"));
        seed.addAll(ads);
        Files.createDirectories(root.resolve(SUBJECT + "seeds"));
        Files.write(root.resolve(SUBJECT + "seeds/ad.csv"), seed);
        Files.createDirectories(root.resolve(SUBJECT + "counters"));
        for (Map.Entry<String, String> counter : counters.entrySet()) {
            Files.writeString(root.resolve(SUBJECT + "counters/" + counter.getKey() + ".yaml"), counter.getValue());
        }
        home.prepare();
        Files.createDirectories(home.data("flume"));
        Files.copy(verbs.home().profile(), home.profile());
        this.verbs.run("compile");
        String today = Instant.now().toString().substring(0, 10);
        this.verbs.run("build", "--ds", today, "--select", "+dim_ysb_ad_df");
    }

    private void write(String file, String resource, Map<String, Object> values) throws IOException {
        Path path = root.resolve(SUBJECT + file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, Resource.text("ysb/" + resource, values));
    }

    /** State folder with the manifest and the profile. */
    Home home() {
        return home;
    }

    Verbs verbs() {
        return verbs;
    }

    /** The benchmark's counter alone. */
    static Map<String, String> oneCounter() {
        return Map.of("view", Resource.text("ysb/view.yaml", Map.of()));
    }

    /** The benchmark's counter, and others of other dimensions, conditions and windows. */
    static Map<String, String> counters(int count) {
        Map<String, String> counters = new java.util.TreeMap<>(oneCounter());
        for (int i = 1; i < count; i++) {
            String where = i / DIMENSIONS.size() % 2 == 0 ? "" : "where: ad_type = '" + TYPES.get(i % 5) + "'\n";
            counters.put("other_" + i, counter(DIMENSIONS.get(i % DIMENSIONS.size()), where, i % 3 == 0 ? "1h" : "1m"));
        }
        return counters;
    }

    /** The benchmark's counter, and one of a key for each user. */
    static Map<String, String> ofUsers() {
        Map<String, String> counters = new java.util.TreeMap<>(oneCounter());
        counters.put("user", counter(List.of("user_id"), "max_keys: 2000000\n", "1h"));
        return counters;
    }

    private static String counter(List<String> by, String more, String window) {
        return "description: Views.\nfrom: dwd_ysb_view_di\ntime: event_time\n" + more + "by: " + by + "\nwindows: ["
                + window + "]\nmeasures:\n  - {name: views, type: count}\n";
    }
}
