package io.granary.simulator;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The people who keep the month's plan in a spreadsheet. */
public final class SalesTeam {
    private SalesTeam() {}

    /** Saves the plan as CSV. */
    public static void save(Path file, List<Shop.Target> targets) {
        StringBuilder csv = new StringBuilder("month,category,target\n");
        targets.forEach(target -> csv.append(target.month())
                .append(',')
                .append(target.category())
                .append(',')
                .append(target.amount().toPlainString())
                .append('\n'));
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, csv);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write the sales targets to " + file + ": " + e, e);
        }
    }
}
