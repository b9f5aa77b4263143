package io.granary.ingestion.sync.datax;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What DataX counts at its end: {@code 读出记录总数} (rows read) and {@code 读写失败总数} (rows that failed). */
final class DataxCounts {
    private static final Pattern READ = Pattern.compile("读出记录总数\\s*:\\s*(\\d+)");
    private static final Pattern FAILED = Pattern.compile("读写失败总数\\s*:\\s*(\\d+)");

    private volatile long read = -1;
    private volatile long failed = -1;

    void line(String line) {
        read = find(READ, line, read);
        failed = find(FAILED, line, failed);
    }

    /** Rows DataX read, those that failed too. */
    long read() {
        return read;
    }

    /** Rows it could not write. */
    long failed() {
        return failed;
    }

    /** @throws GranaryException when it ended without saying what it did */
    void check() {
        if (read < 0 || failed < 0) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "DataX ended with exit 0, but did not say how many rows it read and lost; its rows are not taken."
                            + " Does its conf/logback.xml show INFO on the console?");
        }
    }

    private static long find(Pattern pattern, String line, long before) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : before;
    }
}
