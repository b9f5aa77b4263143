package io.granary.warehouse.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Project folders for tests: a case's files are laid over those of {@code base}. */
final class ProjectCases {
    private static final Path ROOT = Path.of("src", "test", "projects");

    private ProjectCases() {}

    static List<Path> all() throws IOException {
        try (Stream<Path> cases = Files.list(ROOT)) {
            return cases.filter(folder -> !folder.endsWith("base")).sorted().toList();
        }
    }

    static Path folder(String name) {
        return ROOT.resolve(name);
    }

    /** Base and the case laid over it, in {@code into}. */
    static Path lay(Path caseFolder, Path into) throws IOException {
        copy(folder("base"), into);
        copy(caseFolder, into);
        return into;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
