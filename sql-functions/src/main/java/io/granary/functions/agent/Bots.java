package io.granary.functions.agent;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * {@code is_bot(user_agent)} and {@code bot_name(user_agent)}: whether, and by which of its words, a user agent says that
 * it is a robot. It is one when a pattern of crawler-user-agents or of isbot finds something in its first
 * {@value #LONGEST} characters; the first such pattern, in that order, names it.
 */
public final class Bots {
    /** Of a longer user agent only the beginning counts. */
    static final int LONGEST = 1024;

    private static final int CACHE_PLACES = 1 << 14;
    private static final int LONGEST_NAME = 64;
    private static final UTF8String NONE = UTF8String.fromString("");

    /** Not loaded before the first call. */
    private static final class Lists {
        private static final PatternSet CRAWLERS =
                new PatternSet(AgentLists.lines("crawler-user-agents/patterns.txt").stream()
                        .map(Pattern::compile)
                        .toList());
        private static final PatternSet ISBOT = new PatternSet(AgentLists.lines("isbot/patterns.txt").stream()
                .map(pattern -> Pattern.compile(pattern, Pattern.CASE_INSENSITIVE))
                .toList());
        private static final TextCache<UTF8String> NAMES = new TextCache<>(CACHE_PLACES, agent -> {
            String name = name(agent);
            return name == null ? NONE : UTF8String.fromString(name);
        });
    }

    private Bots() {}

    /** Called by the generated code of queries. */
    public static boolean isBot(UTF8String agent) {
        return Lists.NAMES.of(agent).numBytes() > 0;
    }

    /** Called by the generated code of queries; null when it is no bot. */
    public static UTF8String botName(UTF8String agent) {
        UTF8String name = Lists.NAMES.of(agent);
        return name.numBytes() == 0 ? null : name;
    }

    static PatternSet crawlers() {
        return Lists.CRAWLERS;
    }

    static PatternSet isbot() {
        return Lists.ISBOT;
    }

    /** Null when it is no bot; without a cache. */
    static String name(String agent) {
        String text = beginning(agent);
        String name = Lists.CRAWLERS.first(text, (index, match) -> name(text, match));
        return name != null ? name : Lists.ISBOT.first(text, (index, match) -> name(text, match));
    }

    static String beginning(String agent) {
        return agent.length() <= LONGEST ? agent : agent.substring(0, LONGEST);
    }

    /** The product's name around what was found: {@code crawl} in {@code "AcmeCrawler/1.0"} is {@code AcmeCrawler}. */
    private static String name(String agent, Matcher match) {
        int from = match.start();
        int to = match.end();
        while (from < to && !Character.isLetterOrDigit(agent.charAt(from))) {
            from++;
        }
        while (from > 0 && from < to && isOfName(agent.charAt(from - 1)) && isOfName(agent.charAt(from))) {
            from--;
        }
        int end = from;
        while (end < to && (isOfName(agent.charAt(end)) || " :!&'".indexOf(agent.charAt(end)) >= 0)) {
            end++;
        }
        while (end > from && end < agent.length() && isOfName(agent.charAt(end - 1)) && isOfName(agent.charAt(end))) {
            end++;
        }
        end = Math.min(end, from + LONGEST_NAME);
        while (end > from && !Character.isLetterOrDigit(agent.charAt(end - 1))) {
            end--;
        }
        return end > from ? agent.substring(from, end) : "unnamed";
    }

    private static boolean isOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
    }
}
