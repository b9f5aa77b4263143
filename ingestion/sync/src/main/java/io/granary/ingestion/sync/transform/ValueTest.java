package io.granary.ingestion.sync.transform;

import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;

/** Whether a value meets a filter's condition. */
interface ValueTest {
    /** Of a value that is not NULL; {@code at} is its place in the vector. */
    boolean meets(ColumnVector vector, int at);

    /** Of NULL. */
    boolean meetsNull();
}
