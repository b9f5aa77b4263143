package io.granary.streaming.watch;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.collection.JavaConverters;

/** What this process (the driver) and the executors hold in memory. */
final class Memory {
    private Memory() {}

    static void write(SparkContext spark, PrometheusText text) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        heap(text, "heap_used", memory.getHeapMemoryUsage().getUsed());
        heap(text, "heap_max", memory.getHeapMemoryUsage().getMax());
        heap(text, "other_used", memory.getNonHeapMemoryUsage().getUsed());
        long collecting = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        text.counter(
                "granary_stream_gc_seconds_total", "Time in which Java collected garbage.", Map.of(), collecting / 1e3);
        if (!spark.isStopped()) {
            JavaConverters.seqAsJavaList(spark.statusStore().executorList(true))
                    .forEach(executor -> executor(text, executor));
        }
    }

    private static void heap(PrometheusText text, String kind, long bytes) {
        text.gauge("granary_stream_memory_bytes", "Memory of the driver process.", Map.of("kind", kind), bytes);
    }

    private static void executor(PrometheusText text, ExecutorSummary executor) {
        text.gauge(
                "granary_stream_executor_storage_bytes",
                "Memory that blocks of Spark take in an executor (the driver of a local session is one).",
                Map.of("executor", executor.id(), "kind", "used"),
                executor.memoryUsed());
        text.gauge(
                "granary_stream_executor_storage_bytes",
                "",
                Map.of("executor", executor.id(), "kind", "max"),
                executor.maxMemory());
        if (executor.peakMemoryMetrics().isDefined()) {
            for (String kind : new String[] {"JVMHeapMemory", "OnHeapExecutionMemory", "OffHeapExecutionMemory"}) {
                text.gauge(
                        "granary_stream_executor_peak_bytes",
                        "Most memory an executor has held.",
                        Map.of("executor", executor.id(), "kind", kind),
                        executor.peakMemoryMetrics().get().getMetricValue(kind));
            }
        }
    }
}
