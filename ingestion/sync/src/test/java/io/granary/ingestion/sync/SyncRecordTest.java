package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.tablestore.Provenance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SyncRecordTest {
    @Test
    void theContractsExampleIsWhatIsWritten() throws Exception {
        String contracts = Files.readString(Path.of("..", "..", "docs", "contracts.md"));
        Matcher block = Pattern.compile("```json contract:sync-details\n(.*?)```", Pattern.DOTALL)
                .matcher(contracts);
        assertThat(block.find()).isTrue();
        ObjectMapper json = new ObjectMapper();
        Map<String, Object> example = json.readValue(block.group(1), new TypeReference<>() {});
        SyncRecord record = SyncRecord.of(new Provenance("source.trade.order", "h", List.of()).withDetails(example))
                .orElseThrow();
        assertThat(record.range().kind()).isEqualTo(RowRange.Kind.WATERMARK);
        assertThat(json.readTree(json.writeValueAsString(record.toDetails()))).isEqualTo(json.readTree(block.group(1)));
    }

    @Test
    void aVersionOfAnEarlierGranaryHasNone() {
        assertThat(SyncRecord.of(new Provenance("source.trade.order", "h", List.of())))
                .isEmpty();
    }
}
