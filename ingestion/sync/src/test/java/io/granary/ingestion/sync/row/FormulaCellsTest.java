package io.granary.ingestion.sync.row;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaCellsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "=HYPERLINK(\"http://x\",\"y\")",
                "+cmd|' /C calc'!A0",
                "-2+3",
                "-1-1",
                "+",
                "-",
                "--1",
                "@SUM(A1)",
                "\t=1",
                "\r=1",
                "\n=1",
                "\uff1d1",
                "-1e99999",
                "+1 "
            })
    void aCellThatCouldBeAFormulaIsText(String cell) {
        assertThat(FormulaCells.safe(cell)).isEqualTo("'" + cell);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a=b", "12", "-12", "+12", "-12.50", "-.5", "+1e-7", "-1.0E10", "2026-11-01", " =1", "'"})
    void othersStayAsTheyAre(String cell) {
        assertThat(FormulaCells.safe(cell)).isEqualTo(cell);
    }
}
