package io.granary.batch.run;

import java.util.List;
import java.util.Set;

/**
 * One partition to make, why, and after which others of the plan.
 *
 * @param reasons at least one
 */
record Step(Target target, List<Reason> reasons, Set<Target.Key> after) {
    Step {
        reasons = List.copyOf(reasons);
        after = Set.copyOf(after);
    }
}
