/** Records of a Kafka topic, from a batch as Spark plans it to their bytes where they lie. */
package io.granary.streaming.topic;
