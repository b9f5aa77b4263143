package io.granary.cluster.hive;

import java.util.Map;

/** What JMX shows of {@link CountedCalls}; the names are JMX's. */
public interface CountedCallsMXBean {
    /** Name of a call to how often it came since the metastore started. */
    Map<String, Long> getCalls();
}
