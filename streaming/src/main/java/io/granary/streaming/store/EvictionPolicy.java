package io.granary.streaming.store;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Redis that throws keys away when its memory is full would lose counters without a word. */
final class EvictionPolicy {
    private static final Pattern POLICY = Pattern.compile("^maxmemory_policy:(\\S+)", Pattern.MULTILINE);

    private EvictionPolicy() {}

    /** @param memory the section {@code memory} of every node's {@code INFO} */
    static void check(List<String> memory, RedisNodes nodes) {
        for (String info : memory) {
            Matcher policy = POLICY.matcher(info);
            if (policy.find() && !policy.group(1).equals("noeviction")) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "Redis at " + nodes + " has maxmemory-policy " + policy.group(1)
                                + ": when its memory is full it would drop counters without a word. Set"
                                + " maxmemory-policy noeviction (CONFIG SET and in its configuration).");
            }
        }
    }
}
