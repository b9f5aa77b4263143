package io.granary.ingestion.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.FileFetch;
import io.granary.warehouse.manifest.SourceNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files hold, and what is wrong in them. */
class FileRowsTest {
    private static final String HEADER = "id,amount,at,note\n";

    @TempDir
    Path folder;

    private final List<String> problems = new ArrayList<>();

    @Test
    void allProblemsOfAFileAreTold() throws Exception {
        long rows = check(
                Sources.manual("t", "replace"),
                (HEADER + "1,1.00,2026-11-01 10:05:00,good\n"
                                + "x,1.234,2026-02-30 00:00:00,three\n"
                                + ",99999999999.00,1e9,three\n"
                                + "4,\"1\n.0\",,two lines\n"
                                + "5,1e999999999,,bomb\n"
                                + "6,7\n")
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(rows).isEqualTo(6);
        assertThat(problems).hasSize(9);
        assertThat(problems.get(0)).startsWith("f.csv, line 3, column id, value 'x': it is no bigint");
        assertThat(problems.get(1)).startsWith("f.csv, line 3, column amount, value '1.234': it is no decimal(12,2)");
        assertThat(problems.get(2)).startsWith("f.csv, line 3, column at, value '2026-02-30 00:00:00'");
        assertThat(problems.get(3)).isEqualTo("f.csv, line 4, column id: it is required, and missing");
        assertThat(problems.get(4)).contains("column amount", "99999999999.00");
        assertThat(problems.get(5)).contains("line 4", "column at", "1e9");
        assertThat(problems.get(6)).contains("line 5, column amount");
        assertThat(problems.get(7)).contains("line 7, column amount", "1e999999999");
        assertThat(problems.get(8)).contains("line 8", "it has 2 values, the columns are 4");
    }

    @Test
    void bytesThatAreNoCharactersAreAProblemOfTheirCell() throws Exception {
        byte[] latin = (HEADER + "1,1.00,,caf\u00e9\n2,2.00,,tea\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(check(Sources.manual("t", "replace"), latin)).isEqualTo(2);
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("line 2, column note", "no characters of the file's encoding");

        problems.clear();
        FileFetch.Csv gb = new FileFetch.Csv(";", "'", false, "GB18030", "\\N");
        byte[] chinese = "1;1.00;\\N;'北京;''x'''\n2;2.00;;\\N\n".getBytes(Charset.forName("GB18030"));
        assertThat(check(Sources.manual("t", "replace", gb, Sources.COLUMNS), chinese))
                .isEqualTo(2);
        assertThat(problems).singleElement().asString().contains("line 2, column at, value ''");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstName() throws Exception {
        check(Sources.manual("t", "replace"), ("\ufeff" + HEADER + "1,,,\r\n").getBytes(StandardCharsets.UTF_8));
        assertThat(problems).isEmpty();
    }

    @Test
    void aHeaderNamesTheColumns() throws Exception {
        assertThatThrownBy(() -> check(Sources.manual("t", "replace"), bytes("id,amout,at,at\n1,,,\n")))
                .hasMessageContaining("missing 'amount', 'note'; unknown 'amout'; twice 'at'")
                .hasMessageContaining("id,amount,at,note");
        assertThatThrownBy(() -> check(Sources.manual("t", "replace"), bytes("")))
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> check(Sources.manual("t", "replace"), bytes(HEADER + "1,\"1.00,,open\n")))
                .isInstanceOfSatisfying(
                        GranaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA));
    }

    @Test
    void jsonLinesAreTypedToo() throws Exception {
        List<ColumnNode> columns = List.of(
                new ColumnNode("id", "bigint", true, "d"),
                new ColumnNode("flag", "boolean", false, "d"),
                new ColumnNode("raw", "binary", false, "d"),
                new ColumnNode("note", "string", false, "d"));
        SourceNode source = Sources.manual("t", "replace", null, columns);
        check(
                source,
                bytes("{\"id\": 1, \"flag\": true, \"raw\": \"AQI=\", \"note\": {\"a\": [1]}}\n\n"
                        + "{\"id\": 1.5, \"flag\": \"yes\", \"raw\": \"%\"}\n[1]\n{\"id\": 1, \"id\": 2}\n{broken\n"));
        assertThat(problems).hasSize(6);
        assertThat(problems.get(0)).contains("line 3, column id", "1.5");
        assertThat(problems.get(1)).contains("column flag", "yes");
        assertThat(problems.get(2)).contains("column raw");
        assertThat(problems.get(3)).contains("line 4", "no object");
        assertThat(problems.get(4)).contains("line 5", "Duplicate");
        assertThat(problems.get(5)).contains("line 6", "no JSON");
    }

    private long check(SourceNode source, byte[] content) throws Exception {
        Path file = Files.write(folder.resolve("f"), content);
        return new FileRows(source, List.of(new FileRows.Input("f.csv", file)), ArchiveLimits.NORMAL)
                .check(problem -> problems.add(problem.toString()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
