package io.granary.functions.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.functions.RandomTexts;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import ua_parser.Client;
import ua_parser.Parser;

/** The lists through our search are the lists tried one after the other. */
class AgentListsTest {
    private static final List<String> CRAWLERS = AgentLists.lines("crawlers.txt");
    private static final List<String> BROWSERS = AgentLists.lines("top-user-agents/browsers.txt");
    private static List<String> corpus;

    /** Robots, browsers, pieces of them put together anew, and long and odd ones. */
    @BeforeAll
    static void read() {
        List<String> pieces = Stream.of(CRAWLERS, BROWSERS)
                .flatMap(List::stream)
                .flatMap(agent -> Stream.of(agent.split("(?<=[ ;/(),])|(?=[ ;/(),])")))
                .distinct()
                .toList();
        Stream<String> mixed = RandomTexts.of(pieces, 12, 1, 1_500);
        Stream<String> turned =
                CRAWLERS.stream().limit(300).flatMap(a -> Stream.of(a.toUpperCase(), a.toLowerCase(), "é\uFFFD" + a));
        Stream<String> odd =
                Stream.of("", " ", "-", "bot", "|", "\n", "x".repeat(60), "a/1", "Mozilla/5.0 ".repeat(90));
        corpus = Stream.of(CRAWLERS.stream(), BROWSERS.stream(), mixed, turned, odd)
                .flatMap(agents -> agents)
                .map(Bots::beginning)
                .toList();
    }

    @Test
    void botsAreThoseOfEachPatternTried() {
        for (PatternSet list : List.of(Bots.crawlers(), Bots.isbot())) {
            for (String agent : corpus) {
                Integer found = list.first(agent, (index, match) -> index);
                assertThat(found).as(agent).isEqualTo(firstOfAll(list.patterns(), agent));
            }
        }
    }

    @Test
    void fewPatternsMustAlwaysBeTried() {
        assertThat(Bots.crawlers().patterns()).hasSizeGreaterThan(1_000);
        assertThat(Bots.crawlers().alwaysTried()).isLessThan(5);
        assertThat(Bots.isbot().patterns()).hasSizeGreaterThan(150);
        assertThat(Bots.isbot().alwaysTried()).isLessThan(12);
    }

    @Test
    void everyCrawlerOfTheListIsABotAndNoBrowserIs() {
        assertThat(CRAWLERS).hasSizeGreaterThan(2_000).allMatch(agent -> Bots.name(agent) != null);
        assertThat(BROWSERS).hasSizeGreaterThan(90).allMatch(agent -> Bots.name(agent) == null);
    }

    @Test
    void rulesAreReadAsUaParserReadsThem() {
        Parser peer = new Parser();
        AgentParser parser = UserAgents.parser();
        for (int i = 0; i < corpus.size(); i += i < CRAWLERS.size() + BROWSERS.size() ? 1 : 4) {
            String agent = corpus.get(i);
            Client expected = peer.parse(agent);
            AgentParser.Product browser = parser.browser(agent);
            AgentParser.Product system = parser.system(agent);
            String device = parser.device(agent);
            assertThat(browser == null ? "Other" : browser.family()).as(agent).isEqualTo(expected.userAgent.family);
            assertThat(browser == null ? null : browser.version())
                    .as(agent)
                    .isEqualTo(version(expected.userAgent.major, expected.userAgent.minor, expected.userAgent.patch));
            assertThat(system == null ? "Other" : system.family()).as(agent).isEqualTo(expected.os.family);
            assertThat(system == null ? null : system.version())
                    .as(agent)
                    .isEqualTo(version(expected.os.major, expected.os.minor, expected.os.patch));
            assertThat(device == null ? "Other" : device).as(agent).isEqualTo(expected.device.family);
        }
    }

    private static String version(String major, String minor, String patch) {
        StringBuilder version = new StringBuilder();
        for (String part : new String[] {major, minor, patch}) {
            if (part == null || part.isEmpty()) {
                break;
            }
            version.append(version.isEmpty() ? "" : ".").append(part);
        }
        return version.isEmpty() ? null : version.toString();
    }

    private static Integer firstOfAll(List<Pattern> patterns, String agent) {
        for (int i = 0; i < patterns.size(); i++) {
            Matcher match = patterns.get(i).matcher(agent);
            if (match.find()) {
                return i;
            }
        }
        return null;
    }
}
