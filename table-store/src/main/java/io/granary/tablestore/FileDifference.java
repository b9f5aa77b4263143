package io.granary.tablestore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** In what the files of a partition differ from those recorded when it was published. */
final class FileDifference {
    private FileDifference() {}

    static List<String> between(
            String what, List<ProvenanceFile.DataFile> recorded, List<ProvenanceFile.DataFile> there) {
        Map<String, Long> found = new LinkedHashMap<>();
        there.forEach(file -> found.put(file.name(), file.bytes()));
        List<String> lines = new ArrayList<>();
        for (ProvenanceFile.DataFile file : recorded) {
            Long bytes = found.remove(file.name());
            if (bytes == null) {
                lines.add(what + ": file " + file.name() + " (" + file.bytes() + " bytes) is missing");
            } else if (bytes != file.bytes()) {
                lines.add(what + ": file " + file.name() + " has " + bytes + " bytes, published were " + file.bytes());
            }
        }
        found.forEach((name, bytes) ->
                lines.add(what + ": file " + name + " (" + bytes + " bytes) was not published; someone else wrote it"));
        return lines;
    }
}
