package io.granary.batch.seal;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file that the collector landed (docs/contracts.md, section 6).
 *
 * @param path without scheme and authority
 * @param length bytes, as the file system told when it was listed; of a file that is being written less than there is
 * @param temporary its name ends in {@code .tmp}: being written, or left by an agent that died
 */
record LandingFile(String path, long length, boolean temporary) {
    private static final String TEMPORARY = ".tmp";
    private static final Pattern NAME = Pattern.compile(".+\\.\\d+\\.avro(\\.tmp)?");

    /** Empty when the collector gives no file such a name. */
    static Optional<LandingFile> of(String path, long length) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return NAME.matcher(name).matches()
                ? Optional.of(new LandingFile(path, length, name.endsWith(TEMPORARY)))
                : Optional.empty();
    }

    /** The name it has, or will have, once it is closed. */
    String finalPath() {
        return temporary ? path.substring(0, path.length() - TEMPORARY.length()) : path;
    }

    /** The name it has while it is open. */
    static String temporaryPath(String finalPath) {
        return finalPath + TEMPORARY;
    }
}
