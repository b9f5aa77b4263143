package io.granary.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TruthContractTest {
    @Test
    void theContractsExampleIsReadable() throws Exception {
        String contracts = Files.readString(Path.of("../../docs/contracts.md"));
        int start = contracts.indexOf("```json contract:truth");
        String json = contracts.substring(contracts.indexOf('\n', start), contracts.indexOf("```", start + 5));
        Truth truth = Truth.parse(json);
        assertThat(truth.site()).isEqualTo("demo-shop");
        assertThat(truth.paidAmount()).isEqualByComparingTo("12345.67");
        assertThat(truth.pageViewsByMinute()).hasSize(1);
    }
}
