package io.granary.bench;

import io.granary.bench.AdTopic.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Topics that were filled with events, and what must be counted in each. */
final class AdLoad {
    private final String bootstrap;
    private final Path ads;
    private final AdEvents.Shape shape;
    private final long begin;
    private final Map<String, Map<String, Long>> truths = new HashMap<>();

    /** Events that end about now; writes the ads and their campaigns into the folder. */
    AdLoad(String bootstrap, Path folder, AdEvents.Shape shape) throws IOException {
        this.bootstrap = bootstrap;
        this.shape = shape;
        this.begin = System.currentTimeMillis() - shape.events() * 1000 / shape.perSecond();
        this.ads = folder.resolve("ads.csv");
        Files.write(ads, new AdEvents(begin, shape).adsOfCampaigns());
    }

    /** The campaign of each ad: lines of both with a comma. */
    Path ads() {
        return ads;
    }

    String topic(String part, Input input) {
        return "granary.ysb.ad_" + Long.toString(begin, Character.MAX_RADIX) + "_" + part + "_" + input.word();
    }

    /** What {@link #fill} put into the topics of a part. */
    Map<String, Long> truth(String part) {
        return truths.get(part);
    }

    /** Fills a topic for each input with the same events, the first ones; returns the seconds it took. */
    double fill(String part, List<Input> inputs, long events) throws IOException {
        long started = System.nanoTime();
        AdEvents all = new AdEvents(begin, shape);
        List<AdTopic> topics = new ArrayList<>();
        for (Input input : inputs) {
            topics.add(new AdTopic(bootstrap, topic(part, input), input));
        }
        for (long number = 0; number < events; number++) {
            int length = all.write(number);
            for (AdTopic topic : topics) {
                topic.add(number, all.line(), length);
            }
        }
        for (AdTopic topic : topics) {
            topic.close();
        }
        truths.put(part, all.truth());
        return (System.nanoTime() - started) / 1e9;
    }
}
