package io.granary.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.cli.CommandRun;
import io.granary.cli.SmallWarehouse;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.run.RunResults;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocsCommandTest {
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");

    @TempDir
    Path folder;

    private Home home;
    private Path project;
    private Path site;

    @BeforeEach
    void write() throws IOException {
        home = SmallWarehouse.home(folder);
        project = folder.resolve("project");
        Path models = Files.createDirectories(project.resolve("subjects/web/models/dws"));
        Files.writeString(models.resolve("dws_web_site_1d.sql"), "SELECT '</pre><script>' AS x -- <!-- :ds\n");
        Files.writeString(models.resolve("dws_web_site_1d.yaml"), "description: <i>yaml</i> & more\n# <u>\n");
        site = folder.resolve("site");
    }

    @Test
    void everyNodeHasAPageAndEveryLinkLeadsSomewhere() throws IOException {
        assertThat(docs().code()).isZero();
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                String[] parts = links.group(1).split("#", 2);
                Path to = parts[0].isEmpty()
                        ? page
                        : page.resolveSibling(parts[0]).normalize();
                boolean there = Files.isRegularFile(to)
                        && (parts.length == 1 || Files.readString(to).contains("id=\"" + parts[1] + "\""));
                if (!there) {
                    broken.add(page.getFileName() + " -> " + links.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(site.resolve("nodes"))
                .isDirectoryContaining("glob:**/model.dws_web_site_1d.html")
                .isDirectoryContaining("glob:**/report.web.overview.html");
        assertThat(pages()).hasSize(2 + 8);
    }

    @Test
    void whatPeopleWriteStaysText() throws IOException {
        docs();
        for (Path page : pages()) {
            String html = Files.readString(page);
            assertThat(html.replaceAll("<script src=\"[./]*(index|script)[.]js\"></script>", ""))
                    .as(page.toString())
                    .doesNotContain("<script", "<i>yaml", "Requests <b>", "<!--");
            wellFormed(html);
        }
        String page = Files.readString(site.resolve("nodes/model.dws_web_site_1d.html"));
        assertThat(page)
                .contains("What &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;")
                .contains("&lt;i&gt;yaml&lt;/i&gt;")
                .contains("&#39;&lt;/pre&gt;&lt;script&gt;&#39;");
        String index = Files.readString(site.resolve("index.js"));
        assertThat(new ObjectMapper().readTree(index.substring(index.indexOf('['), index.lastIndexOf(';'))))
                .hasSize(8);
    }

    @Test
    void aPageTellsColumnsTestsLineageAndSource() throws IOException {
        docs();
        String page = Files.readString(site.resolve("nodes/model.dws_web_site_1d.html"));

        assertThat(page)
                .contains("one row per site", "web-team", "id=\"column-hits\"", "Requests.")
                .contains("href=\"../nodes/model.dwd_web_hit_di.html#column-site\"")
                .contains("row_count: min 1 where site &lt;&gt; &#39;x&#39;")
                .contains("data-from=\"model.dwd_web_hit_di\" data-to=\"model.dws_web_site_1d\"")
                .contains("class=\"node tone-dws focus\"");
        // a file that is not there is shown as it was compiled
        assertThat(Files.readString(site.resolve("nodes/model.ads_mail_reach.html")))
                .contains("<span class=\"p\">:ds</span>");
    }

    @Test
    void theLastRunIsShown() throws IOException {
        RunResults.of(
                        Instant.parse("2026-11-21T21:00:00Z"),
                        Map.of("which", "build"),
                        Duration.ofSeconds(3),
                        List.of(RunResults.Result.error("model.dws_web_site_1d", Duration.ofSeconds(2), "no <column>")))
                .write(home.runResults());
        docs();

        assertThat(Files.readString(site.resolve("index.html")))
                .contains("Last run</b> build 2026-11-21 21:00 UTC, 3.0 s", "1 error", "no &lt;column&gt;");
        assertThat(Files.readString(site.resolve("nodes/model.dws_web_site_1d.html")))
                .contains("<span class=\"status error\">error</span> in the last run, 2.0 s");
    }

    @Test
    void runResultsThatCannotBeReadAreLeftOut() throws IOException {
        Files.writeString(home.runResults(), "{");

        CommandRun run = docs();

        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("without the last run");
    }

    @Test
    void aSecondRunTakesOldPagesAway() throws IOException {
        docs();
        Files.writeString(site.resolve("nodes/model.gone.html"), "old");
        docs();

        assertThat(site.resolve("nodes/model.gone.html")).doesNotExist();
    }

    @Test
    void aFolderWithSomethingElseIsRefused() throws IOException {
        Files.createDirectories(site);
        Files.writeString(site.resolve("thesis.txt"), "mine");

        CommandRun run = docs();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("holds something else");
        assertThat(site).isDirectoryNotContaining("glob:**/index.html");
    }

    @Test
    void anIdCannotLeaveTheFolder() {
        assertThat(Pages.file("model.../../x\"<")).isEqualTo("nodes/model...~2f~..~2f~x~22~~3c~.html");
    }

    private CommandRun docs() {
        return CommandRun.of(
                new DocsCommand(),
                "--home",
                home.root().toString(),
                "--project",
                project.toString(),
                "--output",
                site.toString());
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(site)) {
            return files.filter(f -> f.toString().endsWith(".html")).sorted().toList();
        }
    }

    /** All tags are closed but those that HTML does not close. */
    private static void wellFormed(String html) {
        String xml = html.replace("<!doctype html>", "").replaceAll("<(meta|link|input|br)([^>]*)>", "<$1$2/>");
        try {
            XMLStreamReader reader = XMLInputFactory.newFactory().createXMLStreamReader(new StringReader(xml));
            while (reader.hasNext()) {
                reader.next();
            }
        } catch (XMLStreamException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }
}
