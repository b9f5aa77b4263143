package io.granary.cli.retire;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a subject's definition is: in the project, or beside it in {@code retired/<subject>}, which is a project of its own
 * that nobody compiles.
 */
record SubjectFolder(Path project, String subject) {

    Path here() {
        return project.resolve("subjects").resolve(subject);
    }

    Path retired() {
        return project.resolve("retired").resolve(subject);
    }

    Path away() {
        return retired().resolve("subjects").resolve(subject);
    }

    RetiredFile record() {
        return new RetiredFile(retired().resolve("retired.yaml"));
    }

    boolean isHere() {
        return Files.isDirectory(here());
    }

    boolean isAway() {
        return Files.isDirectory(away());
    }

    /** One rename. */
    void leave() {
        move(here(), away());
    }

    /** One rename. */
    void comeBack() {
        move(away(), here());
    }

    /** What an earlier retirement has left is kept under another name. */
    void setAside(String suffix) {
        move(retired(), retired().resolveSibling(subject + "-" + suffix));
    }

    /** Once the subject is back, nothing is left of its absence. */
    void forget() {
        try {
            delete(retired());
            Path all = retired().getParent();
            try (Stream<Path> others = Files.list(all)) {
                if (others.findAny().isPresent()) {
                    return;
                }
            }
            Files.delete(all);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot delete " + retired() + ": " + e, e);
        }
    }

    /** A copy of the project as it would be without this subject, or with it. */
    void rehearse(Path copy, boolean with) {
        try {
            Path subjects = project.resolve("subjects");
            Path target = copy.resolve("subjects");
            Files.createDirectories(target);
            List<Path> all;
            try (Stream<Path> found = Files.list(subjects)) {
                all = found.filter(Files::isDirectory)
                        .filter(folder -> !folder.equals(here()))
                        .toList();
            }
            for (Path folder : all) {
                copy(folder, target.resolve(folder.getFileName()));
            }
            if (with) {
                copy(isHere() ? here() : away(), target.resolve(subject));
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot copy " + project + " to " + copy + ": " + e, e);
        }
    }

    static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(from)) {
            all = found.toList();
        }
        for (Path path : all) {
            Files.copy(path, to.resolve(from.relativize(path).toString()));
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new GranaryException(
                    ErrorCode.RESOURCES,
                    from + " and " + to + " are on different disks, so the folder cannot be moved in one step."
                            + " Put the whole project on one disk.",
                    e);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot move " + from + " to " + to + ": " + e, e);
        }
    }
}
