package io.granary.warehouse.project;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Collects what is wrong in a project, so that a person sees all of it at once. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    public void add(Problem problem) {
        found.add(problem);
    }

    public void addAll(Collection<Problem> problems) {
        found.addAll(problems);
    }

    /** Each problem once, by file and place. */
    public List<Problem> sorted() {
        return found.stream().distinct().sorted().toList();
    }

    /** @throws GranaryException of code DEFINITION that lists all problems, when there are any */
    public void throwIfAny(Path project) {
        List<Problem> all = sorted();
        if (all.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        text.append(all.size()).append(all.size() == 1 ? " problem" : " problems");
        text.append(" in project ").append(project);
        all.forEach(problem -> text.append("\n  ").append(problem));
        throw new GranaryException(ErrorCode.DEFINITION, text.toString());
    }
}
