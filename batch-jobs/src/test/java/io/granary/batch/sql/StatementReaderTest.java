package io.granary.batch.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementReaderTest {
    @Test
    void cutsAtSemicolonsThatAreNotInsideSomething() {
        assertThat(split("SELECT 1; SELECT 2")).containsExactly("SELECT 1", "SELECT 2");
        assertThat(split("SELECT ';', \";\", `;`; x")).containsExactly("SELECT ';', \";\", `;`", "x");
        assertThat(split("SELECT 'it\\';s'; y")).containsExactly("SELECT 'it\\';s'", "y");
        assertThat(split("SELECT r'\\'; y")).containsExactly("SELECT r'\\'", "y");
        assertThat(split("SELECT 1 -- one; two\n+ 1; y")).containsExactly("SELECT 1 -- one; two\n+ 1", "y");
        assertThat(split("SELECT /* ; /* ; */ ; */ 1; y")).containsExactly("SELECT /* ; /* ; */ ; */ 1", "y");
        assertThat(split("SELECT 5-1; SELECT 6/2")).containsExactly("SELECT 5-1", "SELECT 6/2");
    }

    @Test
    void leavesOutWhatIsNoStatement() {
        assertThat(split(";; \n -- nothing\n; /* nothing */ ;")).isEmpty();
        assertThat(split("-- headed\nSELECT 1;")).containsExactly("-- headed\nSELECT 1");
        assertThat(split("SELECT 1 -- last")).containsExactly("SELECT 1 -- last");
    }

    @Test
    void collectsAStatementOverLines() {
        StatementReader reader = new StatementReader();
        assertThat(reader.isInside()).isFalse();
        assertThat(reader.add("SELECT '\n")).isEmpty();
        assertThat(reader.isInside()).isTrue();
        assertThat(reader.add(";' AS a,\n")).isEmpty();
        assertThat(reader.add("1; SELECT 2; SEL\n")).containsExactly("SELECT '\n;' AS a,\n1", "SELECT 2");
        assertThat(reader.isInside()).isTrue();
        reader.clear();
        assertThat(reader.isInside()).isFalse();
        assertThat(reader.add("-- only a comment\n")).isEmpty();
        assertThat(reader.isInside()).isFalse();
    }

    private static List<String> split(String text) {
        StatementReader reader = new StatementReader();
        List<String> statements = new ArrayList<>(reader.add(text));
        statements.addAll(reader.rest());
        return statements;
    }
}
