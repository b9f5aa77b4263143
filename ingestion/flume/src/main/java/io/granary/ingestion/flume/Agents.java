package io.granary.ingestion.flume;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Other agents, as Kafka knows them: each lands a topic as a member named as its host. */
final class Agents {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Agents() {}

    /**
     * Refuses a host name that an agent of another machine has.
     *
     * @param groups consumer groups that land topics
     * @throws GranaryException when there is one; it names the address
     */
    static void requireOnly(String bootstrap, List<String> groups, String host) {
        requireOnly(bootstrap, groups, host, Agents::isHere);
    }

    /** @param here whether an address, as Kafka writes it, is one of this machine */
    static void requireOnly(String bootstrap, List<String> groups, String host, Predicate<String> here) {
        Map<String, Object> settings = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        try (Admin admin = Admin.create(settings)) {
            var described = admin.describeConsumerGroups(groups).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            described.forEach((group, description) -> description.members().stream()
                    .filter(member ->
                            member.groupInstanceId().filter(host::equals).isPresent() && !here.test(member.host()))
                    .findFirst()
                    .ifPresent(member -> {
                        throw new GranaryException(
                                ErrorCode.BUSY,
                                "an agent named '" + host + "' on " + member.host() + " already collects ("
                                        + group + "). Give each agent its own name with --host. If that was this"
                                        + " machine under an older address, Kafka forgets it within a minute.");
                    }));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted while Kafka at " + bootstrap + " was asked", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "Kafka at " + bootstrap + " did not say which agents run: " + e
                            + ". Is it running? The address is `kafka` of the profile.",
                    e);
        }
    }

    /** Whether an address, as Kafka writes it ({@code /10.0.0.5}), is one of this machine. */
    static boolean isHere(String address) {
        try {
            InetAddress found = InetAddress.getByName(address.substring(address.indexOf('/') + 1));
            return found.isLoopbackAddress() || NetworkInterface.getByInetAddress(found) != null;
        } catch (IOException e) {
            throw new UncheckedIOException("Kafka gave the address " + address, e);
        }
    }
}
