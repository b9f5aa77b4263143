package io.granary.batch.run;

import java.util.List;

/**
 * What has to be made, and what that does to tables that exist with other columns.
 *
 * @param steps in an order that can be followed
 */
record Plan(List<Step> steps, List<TableChange> changes) {
    Plan {
        steps = List.copyOf(steps);
        changes = List.copyOf(changes);
    }
}
