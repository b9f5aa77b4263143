package io.granary.cluster;

import static io.granary.cluster.Component.FLUME;
import static io.granary.cluster.Component.HDFS;
import static io.granary.cluster.Component.KAFKA;
import static io.granary.cluster.Component.METASTORE;
import static io.granary.cluster.Component.REDIS;
import static io.granary.cluster.Component.THRIFTSERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StartOrderTest {
    private final List<Component> done = Collections.synchronizedList(new ArrayList<>());

    @Test
    void startsEachAfterWhatItNeeds() {
        StartOrder.start(Component.all(), Map.of(), done::add);

        assertThat(done).containsExactlyInAnyOrderElementsOf(EnumSet.allOf(Component.class));
        for (Component component : Component.values()) {
            component.needs().forEach(needed -> assertThat(done.indexOf(needed)).isLessThan(done.indexOf(component)));
        }
    }

    @Test
    void stopsEachBeforeWhatItNeeds() {
        StartOrder.stop(Component.all(), done::add);

        for (Component component : Component.values()) {
            component
                    .needs()
                    .forEach(needed -> assertThat(done.indexOf(needed)).isGreaterThan(done.indexOf(component)));
        }
    }

    @Test
    void startsSideBySideWhatDoesNotDependOnEachOther() {
        CountDownLatch both = new CountDownLatch(2);

        StartOrder.start(Set.of(HDFS, REDIS), Map.of(), component -> {
            both.countDown();
            try {
                assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void doesNotBeginWhatNeedsOneThatFailed() {
        assertThatThrownBy(() -> StartOrder.start(EnumSet.of(HDFS, METASTORE, THRIFTSERVER), Map.of(), component -> {
                    if (component == HDFS) {
                        throw new IllegalStateException("no disk");
                    }
                    done.add(component);
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no disk");
        assertThat(done).containsExactly(METASTORE);
    }

    @Test
    void waitsForMoreThanComponents() {
        CompletableFuture<Void> manifest = new CompletableFuture<>();
        CompletableFuture<Void> all = CompletableFuture.runAsync(() ->
                StartOrder.start(EnumSet.of(KAFKA, HDFS, FLUME), Map.of(FLUME, manifest), component -> {
                    done.add(component);
                    if (done.size() == 2) {
                        manifest.complete(null);
                    }
                }));

        assertThat(all).succeedsWithin(10, TimeUnit.SECONDS);
        assertThat(done.get(2)).isEqualTo(FLUME);
    }
}
