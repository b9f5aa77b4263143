package io.granary.ingestion.flume;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of the log sources. */
final class Topics {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Topics() {}

    /**
     * Makes the topics that are missing and returns how many partitions each has.
     *
     * @throws GranaryException when Kafka does not answer or refuses
     */
    static Map<String, Integer> ensure(String bootstrap, Collection<String> topics, int partitions) {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis());
        try (Admin admin = Admin.create(settings)) {
            Set<String> existing = await(admin.listTopics().names());
            List<NewTopic> missing = topics.stream()
                    .filter(topic -> !existing.contains(topic))
                    .map(topic -> new NewTopic(topic, Optional.of(partitions), Optional.empty()))
                    .toList();
            for (var made : admin.createTopics(missing).values().values()) {
                create(made);
            }
            Map<String, Integer> found = new HashMap<>();
            await(admin.describeTopics(topics).allTopicNames())
                    .forEach((topic, description) ->
                            found.put(topic, description.partitions().size()));
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted while Kafka at " + bootstrap + " was asked", e);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "Kafka at " + bootstrap + " did not give topics " + topics + ": " + cause
                            + ". Is it running? The address is `kafka` of the profile.",
                    e);
        }
    }

    private static void create(org.apache.kafka.common.KafkaFuture<Void> made)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            await(made);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static <T> T await(org.apache.kafka.common.KafkaFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
