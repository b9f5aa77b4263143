package io.granary.ingestion.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CombinedLineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "83.149.9.216 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 203023 \"http://x/\" \"M (X; y)\"",
                "::1 - Jane Doe [01/Nov/2026:00:00:00 -0130] \"-\" 408 - \"-\" \"-\"",
                "h - - [01/Nov/2026:00:00:00 +0000] \"GET /\\\"q HTTP/1.1\" 304 0 \"-\" \"-\"\r",
                "h - - [01/Nov/2026:00:00:00 +0000] \"\\x16\\x03\" 400 226 \"-\" \"-\" 0.003"
            })
    void aLogLine(String line) {
        assertThat(looksRight(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{\"event_id\": 1}",
                "h - - [01/Nov/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1",
                "h - - [01/Nov/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"no closing quote",
                "h - - [01/11/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
                "h - - [01/Nov/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 20 1 \"-\" \"-\"",
                "h - - [01/Nov/2026:00:00:00",
                "h - - ["
            })
    void somethingElse(String line) {
        assertThat(looksRight(line)).isFalse();
    }

    private static boolean looksRight(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return CombinedLine.looksRight(bytes, bytes.length);
    }
}
