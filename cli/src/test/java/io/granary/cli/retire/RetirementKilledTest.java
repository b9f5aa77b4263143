package io.granary.cli.retire;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.cli.retire.Retirement.Outcome;
import io.granary.tablestore.TableFootprint;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A retirement that is killed after any of its changes goes on, or is taken back. */
class RetirementKilledTest extends RetirementScene {
    @Test
    void killedAfterAnyChangeItGoesOnWhenItIsCalledAgain() throws Exception {
        String before = tree();
        SortedMap<String, TableFootprint> tables = tables();
        int changes = 1;
        while (isKilled(changes, () -> retirement().apply(NEXT))) {
            assertThat(retirement().apply(NEXT).stage()).isEqualTo(Stage.QUARANTINED);
            assertThat(tables().keySet()).doesNotContainAnyElementsOf(OWN);
            isKilled(changes, () -> retirement().undo());
            if (project.resolve("retired/ads/retired.yaml").toFile().exists()) {
                assertThat(retirement().undo().isGood()).isTrue();
            }
            assertThat(tree()).isEqualTo(before);
            assertThat(tables()).isEqualTo(tables);
            changes++;
        }
        // two notes for each stage, the folder, the manifest, two components, the tables of both layers
        assertThat(changes).isEqualTo(4 + 2 + 2 + OWN.size() + 1 + 1);

        changes = 1;
        while (isKilled(changes, () -> retirement().apply(ALL))) {
            changes++;
        }
        assertDropped();
    }

    @Test
    void aKilledApplyCanBeTakenBackAndAKilledUndoGoneOutAgain() throws Exception {
        String before = tree();
        SortedMap<String, TableFootprint> tables = tables();
        for (int changes : List.of(2, 7, 9)) {
            assertThat(isKilled(changes, () -> retirement().apply(NEXT))).isTrue();
            assertThat(retirement().undo().isGood()).isTrue();
            assertThat(tree()).isEqualTo(before);
            assertThat(tables()).isEqualTo(tables);
        }
        retirement().apply(NEXT);
        assertThat(isKilled(3, () -> retirement().undo())).isTrue();
        assertThat(retirement().apply(NEXT).stage()).isEqualTo(Stage.QUARANTINED);
        assertThat(tables().keySet()).doesNotContainAnyElementsOf(OWN);
        assertThat(retirement().undo().isGood()).isTrue();
        assertThat(tables()).isEqualTo(tables);
    }

    /** Whether the call, killed after so many changes, did not come to its end. */
    private boolean isKilled(int changes, Supplier<Outcome> call) {
        killAfter = changes;
        try {
            assertThat(call.get().isGood()).isTrue();
            return false;
        } catch (Killed e) {
            return true;
        } finally {
            killAfter = Integer.MAX_VALUE;
        }
    }
}
