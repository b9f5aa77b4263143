package io.granary.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process to start.
 *
 * @param folder its working folder, which exists
 * @param environment set on top of ours
 */
record Program(List<String> command, Path folder, Map<String, String> environment) {
    Program {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
