package io.granary.warehouse.redis;

import java.util.List;
import java.util.Map;

/** Reads hashes of Redis, so that this library needs no client of it. */
@FunctionalInterface
public interface HashReads {
    /** The hashes of these keys, in their order, in one round trip; that of a key that is not there is empty. */
    List<Map<String, String>> of(List<String> keys);
}
