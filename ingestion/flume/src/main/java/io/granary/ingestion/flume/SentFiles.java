package io.granary.ingestion.flume;

import java.nio.file.Path;
import java.util.function.ToLongFunction;

/**
 * How many bytes of a file the channel has taken, as a position file says: no agent that starts from it reads them again.
 *
 * @param positionFile of a {@link LogTailSource}
 */
public record SentFiles(Path positionFile) implements ToLongFunction<Path> {
    @Override
    public long applyAsLong(Path file) {
        return new PositionFile(positionFile)
                .load().positions().values().stream()
                        .filter(p -> !p.gone() && p.copyOf() == null && p.path().equals(file))
                        .mapToLong(Position::offset)
                        .max()
                        .orElse(0);
    }
}
