package io.granary.batch.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.batch.compile.Compiler;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.UnitTestNode;
import io.granary.warehouse.project.ProjectLoader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The unit tests of the reference warehouse, and what a case says that is wrong. */
class ReferenceUnitTest {
    private static final Manifest MANIFEST =
            new Compiler(Clock.systemUTC()).compile(ProjectLoader.read(Path.of("..", "warehouse-sql")));

    private static UnitTests tests;

    @BeforeAll
    static void open() {
        tests = UnitTests.open(MANIFEST);
    }

    @AfterAll
    static void close() {
        tests.close();
    }

    @TestFactory
    List<DynamicTest> everyCasePasses() {
        return MANIFEST.unitTests().stream()
                .map(test -> DynamicTest.dynamicTest(test.id(), () -> {
                    UnitTestOutcome outcome = tests.run(test);
                    assertThat(outcome.passed()).as(outcome.describe()).isTrue();
                }))
                .toList();
    }

    @Test
    void everyDwdAndDwsModelHasACase() {
        List<String> tested =
                MANIFEST.unitTests().stream().map(UnitTestNode::model).toList();
        assertThat(MANIFEST.models().stream()
                        .filter(model ->
                                model.layer().equals("dwd") || model.layer().equals("dws"))
                        .map(ModelNode::id))
                .isNotEmpty()
                .allMatch(tested::contains);
    }

    @Test
    void aDifferenceIsShownRowByRow() {
        UnitTestOutcome outcome = tests.run(test(
                Map.of("dwd.dwd_trade_order_di", List.of(Map.of("category", "food", "amount", 19.8, "is_paid", true))),
                List.of(Map.of("category", "food", "orders", 2, "paid_amount", "19.80"))));

        assertThat(outcome.status()).isEqualTo(TestOutcome.Status.FAIL);
        assertThat(outcome.message().lines())
                .containsExactly(
                        "0 missing, 0 unexpected, 1 different (expected -> actual)",
                        "   category  orders  paid_amount",
                        "~  food      2 -> 1  19.80        differs");
    }

    @Test
    void wrongCasesSayWhatIsWrong() {
        assertThat(error(Map.of("dwd.dwd_trade_order_di", List.of(Map.of("amount", "a lot"))), Map.of("orders", 1)))
                .isEqualTo("row 1 of dwd.dwd_trade_order_di: column amount is 'a lot', which is no decimal(12,2)");
        assertThat(error(Map.of("dwd.dwd_trade_order_di", List.of(Map.of("colour", "red"))), Map.of("orders", 1)))
                .startsWith(
                        "row 1 of dwd.dwd_trade_order_di: there is no column 'colour'; the columns are [amount, category, ds,");
        assertThat(error(Map.of("dim.dim_user_df", List.of()), Map.of("orders", 1)))
                .isEqualTo("given names [dim.dim_user_df], which dws_trade_category_1d does not read; it reads"
                        + " dwd.dwd_trade_order_di");
        assertThat(error(Map.of(), Map.of("order", 1)))
                .startsWith("expect names [order], which dws_trade_category_1d does not have; it has category,");
    }

    private static String error(Map<String, List<Map<String, Object>>> given, Map<String, Object> expected) {
        UnitTestOutcome outcome = tests.run(test(given, List.of(expected)));
        assertThat(outcome.status()).isEqualTo(TestOutcome.Status.ERROR);
        return outcome.message();
    }

    private static UnitTestNode test(Map<String, List<Map<String, Object>>> given, List<Map<String, Object>> expect) {
        return new UnitTestNode(
                "unit_test.dws_trade_category_1d.case",
                "model.dws_trade_category_1d",
                "case",
                "case.yaml",
                "2026-11-01",
                given,
                expect);
    }
}
