package io.granary.batch.seal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that the collector landed (docs/contracts.md, section 6).
 *
 * @param path without scheme and authority
 * @param length bytes, as the file system told when it was listed
 * @param host that collected it
 * @param agentStart when the agent that wrote it was started, milliseconds since 1970
 * @param temporary its name ends in {@code .tmp}: being written, or left by an agent that died
 */
record LandingFile(String path, long length, String host, long agentStart, boolean temporary) {
    private static final String TEMPORARY = ".tmp";
    private static final Pattern NAME = Pattern.compile("(.+)-(\\d+)\\.\\d+\\.avro(\\.tmp)?");

    /** Empty when the collector gives no file such a name. */
    static Optional<LandingFile> of(String path, long length) {
        Matcher name = NAME.matcher(path.substring(path.lastIndexOf('/') + 1));
        if (!name.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new LandingFile(path, length, name.group(1), Long.parseLong(name.group(2)), name.group(3) != null));
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
