package io.granary.warehouse.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Edge;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectorTest {
    /** trade.order → dwd_order → dws_order → ads_order → export; dwd_hit → ads_order too. The manifest is out of order. */
    private static final Manifest MANIFEST = Manifest.of("test")
            .sources(List.of(source("trade", "order")))
            .models(List.of(
                    model("trade", "ads", "ads_order"),
                    model("trade", "dws", "dws_order"),
                    model("trade", "dwd", "dwd_order"),
                    model("traffic", "dwd", "dwd_hit")))
            .exports(List.of(new ExportNode(
                    "export.trade.overview", "trade", "overview", "", "ads.ads_order", "share", "t", List.of("ds"))))
            .edges(List.of(
                    new Edge("source.trade.order", "model.dwd_order"),
                    new Edge("model.dwd_order", "model.dws_order"),
                    new Edge("model.dws_order", "model.dws_order"),
                    new Edge("model.dws_order", "model.ads_order"),
                    new Edge("model.dwd_hit", "model.ads_order"),
                    new Edge("model.ads_order", "export.trade.overview")))
            .manifest();

    @Test
    void everythingComesAfterItsInputs() {
        List<String> all = select(null);
        assertThat(all)
                .containsExactly(
                        "source.trade.order",
                        "model.dwd_order",
                        "model.dws_order",
                        "model.dwd_hit",
                        "model.ads_order",
                        "export.trade.overview");
        assertThat(select("  ")).isEqualTo(all);
    }

    @Test
    void namesAModelByNameTableOrId() {
        assertThat(select("dws_order")).containsExactly("model.dws_order");
        assertThat(select("dws.dws_order")).containsExactly("model.dws_order");
        assertThat(select("model.dws_order")).containsExactly("model.dws_order");
        assertThat(select("trade.overview")).containsExactly("export.trade.overview");
        assertThat(select("trade.order")).containsExactly("source.trade.order");
    }

    @Test
    void commaIntersectsAndSpaceUnites() {
        assertThat(select("subject:trade,layer:dwd")).containsExactly("model.dwd_order");
        assertThat(select("subject:traffic layer:dws")).containsExactly("model.dws_order", "model.dwd_hit");
        assertThat(select("subject:traffic,layer:dwd layer:dws,subject:trade"))
                .containsExactly("model.dws_order", "model.dwd_hit");
        assertThat(select("subject:traffic,dws_order")).isEmpty();
    }

    @Test
    void plusAddsRelatives() {
        assertThat(select("+dws_order")).containsExactly("source.trade.order", "model.dwd_order", "model.dws_order");
        assertThat(select("dws_order+")).containsExactly("model.dws_order", "model.ads_order", "export.trade.overview");
        assertThat(select("1+dws_order")).containsExactly("model.dwd_order", "model.dws_order");
        assertThat(select("dwd_order+1")).containsExactly("model.dwd_order", "model.dws_order");
        assertThat(select("+dws_order+,layer:ads")).containsExactly("model.ads_order");
        assertThat(select("+subject:traffic+"))
                .contains("export.trade.overview")
                .doesNotContain("model.dwd_order");
    }

    @Test
    void modelsLeavesOtherKindsOut() {
        assertThat(Selector.parse("subject:trade").models(MANIFEST))
                .extracting(ModelNode::name)
                .containsExactly("dwd_order", "dws_order", "ads_order");
    }

    @Test
    void unknownNamesAreErrorsWithASuggestion() {
        assertThatThrownBy(() -> select("dws_ordr"))
                .isInstanceOf(GranaryException.class)
                .hasMessage("selector 'dws_ordr': nothing is named 'dws_ordr'. Did you mean 'dws_order'?");
        assertThatThrownBy(() -> select("layer:dwd,subject:tarde")).hasMessageContaining("Did you mean 'trade'?");
        assertThatThrownBy(() -> select("layer:gold"))
                .hasMessageContaining("there is no layer 'gold'; known: ads, dwd");
        assertThatThrownBy(() -> select("zzz")).hasMessageContaining("nothing is named 'zzz'. A name is a model");
        assertThatThrownBy(() -> select("tag:x")).hasMessageContaining("there is no tag 'x'; known: core");
        assertThatThrownBy(() -> select("owner:x")).hasMessageContaining("unknown method 'owner:'");
        assertThatThrownBy(() -> select("state:modified")).hasMessageContaining("--state");
        assertThatThrownBy(() -> select("state:new")).hasMessageContaining("unknown state 'new'");
    }

    @Test
    void tagsAndStepsUpAndWhatWasModified() {
        assertThat(select("tag:core")).containsExactly("model.dws_order");
        assertThat(select("1+tag:core")).containsExactly("model.dwd_order", "model.dws_order");
        assertThat(select("2+ads_order,layer:dwd")).containsExactly("model.dwd_order", "model.dwd_hit");

        Manifest before = Manifest.of("test")
                .sources(MANIFEST.sources())
                .models(List.of(
                        model("trade", "ads", "ads_order"),
                        model("trade", "dws", "dws_order"),
                        model("trade", "dwd", "dwd_order", "another hash")))
                .exports(MANIFEST.exports())
                .manifest();
        assertThat(Selector.parse("state:modified").against(before).ids(MANIFEST))
                .containsExactly("model.dwd_order", "model.dwd_hit");
        assertThat(Selector.parse("state:modified").against(MANIFEST).ids(MANIFEST))
                .isEmpty();
        assertThat(Selector.parse("state:modified+1,layer:dws").against(before).ids(MANIFEST))
                .containsExactly("model.dws_order");
    }

    @Test
    void brokenFormsAreErrors() {
        for (String broken : List.of("+", "a,,b", "a++", "layer:dwd,", "a+b")) {
            assertThatThrownBy(() -> select(broken))
                    .as(broken)
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("selector '" + broken + "'");
        }
    }

    @Test
    void dependenciesReachOverNodesThatAreNotChosen() {
        Graph graph = Graph.of(MANIFEST);
        assertThat(graph.dependencies("model.ads_order", List.of("model.dwd_order", "model.ads_order")))
                .containsExactly("model.dwd_order");
        assertThat(graph.dependencies("model.dws_order", List.of("model.dws_order")))
                .isEmpty();
    }

    private static List<String> select(String text) {
        return Selector.parse(text).ids(MANIFEST);
    }

    private static ModelNode model(String subject, String layer, String name) {
        return model(subject, layer, name, "h");
    }

    private static ModelNode model(String subject, String layer, String name, String hash) {
        return ModelNode.of(subject, layer, name)
                .daily()
                .file("f")
                .sql("SELECT 1")
                .access("public")
                .hash(hash)
                .tags(name.equals("dws_order") ? List.of("core") : List.of())
                .node();
    }

    private static SourceNode source(String subject, String name) {
        return SourceNode.of("jdbc", subject, name)
                .daily()
                .table("ods.ods_" + subject + "_" + name + "_df")
                .connection("shop")
                .sourceTable(name)
                .mode("full")
                .node();
    }
}
