package io.granary.tablestore;

import io.granary.warehouse.config.Profile;

/** Where the statements of a verb run: over Hive JDBC, or in a Spark application of its own. */
@FunctionalInterface
public interface Sessions {
    /** The SQL server of the profile; what verbs use unless they are told otherwise. */
    Sessions HIVE_JDBC = HiveJdbcSession::open;

    /**
     * Opens a session for one thread; the caller closes it.
     *
     * @throws io.granary.warehouse.error.GranaryException when the engine cannot be reached
     */
    SqlSession open(Profile profile);
}
