package io.granary.warehouse.project;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of a project; hidden ones are not seen. */
record ProjectFiles(Path root, Problems problems) {

    /** Folders in this folder, by name; none when it does not exist. */
    List<Path> folders(Path folder) {
        return entries(folder, Files::isDirectory);
    }

    /** Files in this folder, by name; none when it does not exist. */
    List<Path> files(Path folder) {
        return entries(folder, Files::isRegularFile);
    }

    /** Path inside the project, with {@code /}. */
    String name(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    void problem(Path file, String what, String hint) {
        problems.add(Problem.at(name(file), Position.START, what, hint));
    }

    /** The file's text without a byte order mark, its lines ended by a line feed; nothing when it is not UTF-8. */
    Optional<String> text(Path file) {
        byte[] bytes = bytes(file);
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharBuffer decoded = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(rest, decoded, true);
        String text = decoded.flip().toString();
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (result.isError()) {
            problems.add(Problem.at(
                    name(file),
                    Position.after(plain),
                    String.format(Locale.ROOT, "byte 0x%02X: the file is not UTF-8", bytes[rest.position()]),
                    "Save it as UTF-8."));
            return Optional.empty();
        }
        return Optional.of(plain.replace("\r\n", "\n"));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot read " + file + ": " + e, e);
        }
    }

    /** The file's content when it is YAML and keeps the schema. */
    Optional<YamlFile> yaml(Path file, DefinitionSchema schema) {
        Optional<YamlFile> yaml = text(file).flatMap(text -> YamlReader.read(name(file), text, problems));
        List<Problem> wrong = yaml.map(schema::check).orElse(List.of());
        problems.addAll(wrong);
        return wrong.isEmpty() ? yaml : Optional.empty();
    }

    private static List<Path> entries(Path folder, Predicate<Path> kind) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(kind)
                    .filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot read " + folder + ": " + e, e);
        }
    }
}
