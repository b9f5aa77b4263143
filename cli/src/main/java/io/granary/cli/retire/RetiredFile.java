package io.granary.cli.retire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** {@code retired.yaml}; replaced whole, and on the disk before the step that it announces. */
record RetiredFile(Path file) {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    Optional<Retired> read() {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Retired retired = YAML.readValue(Files.readString(file), Retired.class);
            if (retired == null || retired.retiredVersion() != Retired.VERSION) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        file + " is not of retired_version " + Retired.VERSION
                                + ", which this Granary reads. Use the Granary that wrote it.");
            }
            return Optional.of(retired);
        } catch (JsonProcessingException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    file + " cannot be read: " + e.getOriginalMessage()
                            + ". Put back the file as `granary retire` wrote it; without it nobody knows what was moved.",
                    e);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot read " + file + ": " + e, e);
        }
    }

    void write(Retired retired) {
        String subject = retired.subject();
        String text = "# Written by `granary retire`, which needs it to go on or back: do not change it.\n"
                + (retired.stage().isBeyondUndo()
                        ? "# The data is deleted. To bring it in again: move subjects/" + subject
                                + " from here to the project's subjects/ and build it.\n"
                        : "# Back: granary retire " + subject + " --undo\n")
                + yaml(retired);
        try {
            Files.createDirectories(file.getParent());
            Path part = file.resolveSibling(file.getFileName() + ".part");
            try (FileChannel out = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }

    private static String yaml(Retired retired) {
        try {
            return YAML.writeValueAsString(retired);
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "retired.yaml cannot be written: " + e.getMessage(), e);
        }
    }
}
