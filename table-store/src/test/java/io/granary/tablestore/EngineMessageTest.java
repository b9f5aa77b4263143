package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EngineMessageTest {
    @Test
    void keepsTheReasonAndItsPlaceOnly() {
        String message = """
                org.apache.hive.service.cli.HiveSQLException: Error running query: [TABLE_OR_VIEW_NOT_FOUND] \
                org.apache.spark.sql.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table `nope` cannot be found.
                Verify the name.; line 1 pos 14;
                'Project [*]
                +- 'UnresolvedRelation [nope], [], false

                \tat org.apache.spark.sql.hive.thriftserver.HiveThriftServerErrors$.runningQueryError(HiveThriftServerErrors.scala:43)
                \tat java.lang.Thread.run(Thread.java:840)
                Caused by: org.apache.spark.sql.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table `nope` cannot be found.
                Verify the name.; line 1 pos 14;
                'Project [*]
                +- 'UnresolvedRelation [nope], [], false

                \t... 16 more
                """;
        assertThat(EngineMessage.clean(message))
                .isEqualTo(
                        "[TABLE_OR_VIEW_NOT_FOUND] The table `nope` cannot be found.\nVerify the name.; line 1 pos 14");
    }

    @Test
    void keepsTheTasksReasonOfAFailedJob() {
        String message =
                "Error running query: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 1.0"
                        + " failed 1 times, most recent failure: Lost task 0.0 (TID 1) (localhost executor driver):"
                        + " org.apache.spark.SparkArithmeticException: [DIVIDE_BY_ZERO] Division by zero.\n"
                        + "\tat x.y.Z.f(Z.scala:1)\n\nDriver stacktrace:\n\tat a.B.c(B.scala:2)\nCaused by: much more";
        assertThat(EngineMessage.clean(message))
                .startsWith("Job aborted")
                .endsWith("[DIVIDE_BY_ZERO] Division by zero.");
    }

    @Test
    void aMissingTableIsSaidInOneLine() {
        String message =
                "[TABLE_OR_VIEW_NOT_FOUND] The table or view `ods`.`nope` cannot be found. Verify the spelling and"
                        + " correctness of the schema and catalog.\nIf you did not qualify the name with a schema, verify it.\n"
                        + "To tolerate the error on drop use DROP VIEW IF EXISTS.; line 11 pos 5";
        assertThat(EngineMessage.clean(message))
                .isEqualTo(
                        "[TABLE_OR_VIEW_NOT_FOUND] there is no table ods.nope: nothing was loaded or built into it yet, or its name is another;"
                                + " line 11 pos 5");
    }

    @Test
    void neverIsEmpty() {
        assertThat(EngineMessage.clean(null)).isEqualTo("the engine gave no reason");
        assertThat(EngineMessage.clean("\tat only.A.trace(A.java:1)")).contains("only.A.trace");
    }

    @Test
    void aLongStatementIsShownByItsFirstLines() {
        assertThat(EngineMessage.firstLines("SELECT 1")).isEqualTo("SELECT 1");
        assertThat(EngineMessage.firstLines("a\nb\nc\nd\ne\nf\ng")).isEqualTo("a\nb\nc\nd\ne\n… (7 lines)");
        assertThat(EngineMessage.firstLines("x".repeat(900))).hasSize(602);
    }
}
