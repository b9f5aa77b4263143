package io.granary.batch.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SealRecordTest {
    @Test
    void theContractsExampleIsReadAndWrittenAsItIs() throws IOException {
        Matcher block = Pattern.compile("```json contract:seal\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/contracts.md")));
        assertThat(block.find()).isTrue();

        SealRecord record = SealRecord.fromJson(block.group(1), "contracts.md");

        assertThat(record.files()).extracting(SealRecord.Taken::to).containsExactly(80211L);
        assertThat(record.after().hours()).containsKey(CollectedHour.parse("2026-11-01 08"));
        assertThat(record.after().missing())
                .hasToString("[host web-1, file 65024.2196992-b89744506f647b40: lines 17 to 19]");
        assertThat(record.toJson().replaceAll("\\s", ""))
                .isEqualTo(block.group(1).replaceAll("\\s", ""));
        assertThat(SealRecord.fromJson(record.toJson(), "itself")).isEqualTo(record);
    }

    @Test
    void recordsOfAnEarlierGranaryAreRead() {
        SealRecord record = SealRecord.fromJson(
                "{\"seal_version\": 1, \"run_id\": \"20261101T110000Z-3f9a1c\", \"source\": \"t.s\", \"state\": \"done\","
                        + " \"files\": [{\"path\": \"/a.1.avro\", \"length\": 7}]}",
                "old");
        assertThat(record.files()).containsExactly(new SealRecord.Taken("/a.1.avro", 0, 7, null));
        assertThat(record.number()).isZero();
    }
}
