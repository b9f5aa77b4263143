package io.granary.functions.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.functions.RandomTexts;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserAgentsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/154.0.0.0 Safari/537.36|Chrome 154.0.0|Windows 10|desktop|-",
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15|Safari 18.1|Mac OS X 10.15.7|desktop|Mac",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.6.1 Mobile/15E148 Safari/604.1|Mobile Safari 26.6.1|iOS 18.7|mobile|iPhone",
                "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1|Mobile Safari 16.6|iOS 16.6|tablet|iPad",
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Mobile Safari/537.36|Chrome Mobile 153.0.0|Android 10|mobile|-",
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36|Chrome 153.0.0|Android 10|tablet|-",
                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0|Firefox 132.0|Ubuntu -|desktop|-",
                "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/538.1 (KHTML, like Gecko) Version/6.0 TV Safari/538.1|Safari 6.0|Tizen 6.0|tv|Samsung SMART-TV",
                "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 Safari/537.36 WebAppManager|Chrome 79.0.3945|Web0S -|tv|LG Web0S SmartTV",
                "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15|Safari 13.0|- -|other|PlayStation 5",
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)|Googlebot 2.1|- -|bot|-",
                "curl/8.4.0|curl 8.4.0|- -|bot|-",
                "whatever|- -|- -|bot|-",
                "''|- -|- -|other|-"
            })
    void readsWhatAUserAgentSays(String agent, String browser, String os, String type, String device) {
        InternalRow row = UserAgents.row(agent.equals("''") ? "" : agent);
        assertThat(text(row, 0) + " " + text(row, 1)).as("browser").isEqualTo(browser == null ? "- -" : browser);
        assertThat(text(row, 2) + " " + text(row, 3)).as("os").isEqualTo(os);
        assertThat(text(row, 4)).as("device_type").isEqualTo(type);
        assertThat(text(row, 5)).as("device").isEqualTo(device == null ? "-" : device);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)|bingbot",
                "Mozilla/5.0 (compatible; AhrefsSiteAudit/6.1; +http://ahrefs.com/robot/)|AhrefsSiteAudit",
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)|GPTBot",
                "AcmeCrawler/1.0|AcmeCrawler",
                "Wget/1.21.3|Wget",
                "python-requests/2.31.0|python-requests",
                "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0|-",
                "''|-"
            })
    void namesBots(String agent, String name) {
        UTF8String text = UTF8String.fromString(agent.equals("''") ? "" : agent);
        UTF8String found = Bots.botName(text);
        assertThat(found == null ? null : found.toString()).isEqualTo(name);
        assertThat(Bots.isBot(text)).isEqualTo(name != null);
    }

    @Test
    void takesAnyBytes() {
        RandomTexts.bytes(1, 20_000).forEach(agent -> {
            UserAgents.parse(agent);
            Bots.botName(agent);
        });
        for (String unit : new String[] {"a", "(", "a.1.", "Mozilla/5.0 ", "; Build/", "Android ", "é", "\n", "/1 "}) {
            UserAgents.parse(UTF8String.fromString(unit.repeat(20_000)));
        }
    }

    @Test
    void theCacheGivesWhatIsMadeWithoutIt() {
        AtomicInteger made = new AtomicInteger();
        TextCache<String> cache = new TextCache<>(16, text -> {
            made.incrementAndGet();
            return text + "!";
        });
        for (int i = 0; i < 10_000; i++) {
            String text = "agent " + i % 50;
            assertThat(cache.of(UTF8String.fromString(text))).isEqualTo(text + "!");
        }
        assertThat(made).hasValueGreaterThan(1_000);
        int before = made.get();
        for (int i = 0; i < 100; i++) {
            cache.of(UTF8String.fromString("one"));
            cache.of(UTF8String.fromString("two"));
        }
        assertThat(made).hasValueLessThanOrEqualTo(before + 2);
        UTF8String longOne = UTF8String.fromString("x".repeat(600));
        IntStream.range(0, 2).forEach(i -> cache.of(longOne));
        assertThat(made).hasValueGreaterThanOrEqualTo(before + 2);
    }

    private static String text(InternalRow row, int column) {
        return row.isNullAt(column) ? "-" : row.getUTF8String(column).toString();
    }
}
