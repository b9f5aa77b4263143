package io.granary.streaming;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Topics of log sources. */
record Topics(String bootstrap, Duration patience) {
    /** As many as the agent spreads its files over. */
    static final int PARTITIONS = 4;

    /** Makes the topics that do not exist yet, so that a query may start before the first line is collected. */
    void ensure(List<String> topics) {
        int millis = Math.toIntExact(patience.toMillis());
        try (Admin admin = Admin.create(java.util.Map.of(
                "bootstrap.servers",
                bootstrap,
                "client.id",
                "granary-streaming-topics-" + String.join("-", topics),
                "default.api.timeout.ms",
                millis))) {
            Set<String> present = admin.listTopics().names().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            for (String topic : topics) {
                if (!present.contains(topic)) {
                    create(admin, topic);
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "Kafka at " + bootstrap + " cannot list or create the topics " + topics + ": "
                            + (e.getCause() == null ? "no answer in " + patience : e.getCause())
                            + ". Is it up (`granary status`)?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted while waiting for Kafka at " + bootstrap, e);
        }
    }

    private void create(Admin admin, String topic) throws ExecutionException, InterruptedException, TimeoutException {
        try {
            NewTopic made = new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty());
            admin.createTopics(List.of(made)).all().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // the agent may have made it in the same moment
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
