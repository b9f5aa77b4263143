package io.granary.ingestion.pull;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.text.Digests;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The sum that a file must have.
 *
 * @param algorithm {@code MD5} or {@code SHA-256}
 * @param hex its digits, in lower case
 */
record FileSum(String algorithm, String hex) {
    /** @param where who says it, for messages */
    static FileSum of(String where, String hex) {
        if (!hex.matches("[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64}")) {
            throw new GranaryException(ErrorCode.DATA, where + ": '" + hex + "' is no MD5 and no SHA-256 sum");
        }
        return new FileSum(hex.length() == 32 ? "MD5" : "SHA-256", hex.toLowerCase(Locale.ROOT));
    }

    /** Takes it out of a file as {@code sha256sum} writes it, which may list several files, or only the sum. */
    static FileSum in(String where, String text, String fileName) {
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        return lines.stream()
                .filter(line -> line.matches("[0-9A-Fa-f]+\\s+\\*?(.*/)?\\Q" + fileName + "\\E"))
                .findFirst()
                .or(() -> lines.size() == 1 ? lines.stream().findFirst() : java.util.Optional.empty())
                .map(line -> of(where, line.split("\\s+", 2)[0]))
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DATA,
                        where + " has no sum of " + fileName + "; expected: <hexadecimal digits>  " + fileName));
    }

    void check(RemoteFile file, Path content) {
        String found = Digests.of(content, algorithm);
        if (!found.equals(hex)) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    file.path() + " has the " + algorithm + " sum " + found + ", expected is " + hex
                            + ". It came whole, so it is not what its sender made, or its sum is of another version."
                            + " Nothing was published.");
        }
    }
}
