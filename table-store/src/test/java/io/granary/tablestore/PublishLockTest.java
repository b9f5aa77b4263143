package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.tablestore.testing.ChildProcess;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hive.metastore.api.DataOperationType;
import org.apache.hadoop.hive.metastore.api.LockComponent;
import org.apache.hadoop.hive.metastore.api.LockLevel;
import org.apache.hadoop.hive.metastore.api.LockRequest;
import org.apache.hadoop.hive.metastore.api.LockType;
import org.apache.hadoop.hive.metastore.api.ShowLocksResponseElement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose lock is taken away at once: that of a process of this machine which is no more, and of nobody else. */
class PublishLockTest {
    /** Nobody counts as silent while a test runs. */
    private static final Duration HOUR = Duration.ofHours(1);

    private static final LockTerms SHORT = new LockTerms(Duration.ofSeconds(1), HOUR, HOUR);

    @TempDir
    private Path folder;

    private final LocalWarehouse warehouse = LocalWarehouse.shared();
    private final HiveCatalog catalog = HiveCatalog.connect(warehouse.profile());

    /** A publisher of another process. */
    static final class Holder {
        private Holder() {}

        /** @param args profile and table; holds its lock until it is killed */
        public static void main(String[] args) throws InterruptedException {
            HiveCatalog catalog = HiveCatalog.connect(Profile.load(Path.of(args[0]), Map.of()));
            try (PublishLock lock = PublishLock.acquire(catalog, TableName.parse(args[1]), "run of a child", SHORT)) {
                lock.confirm();
                System.out.println("held");
                Thread.sleep(HOUR.toMillis());
            }
        }
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    @Test
    void aKilledProcessOfThisMachineLosesItsLockAtOnceAndALivingOneDoesNot() throws Exception {
        TableName table = new TableName("dws", "dws_lock_child_1d");
        ChildProcess child =
                ChildProcess.start(Holder.class, folder, warehouse.profileFile().toString(), table.toString());
        try {
            child.await("held"::equals, Duration.ofSeconds(60));
            refused(table, "run of a child");
        } finally {
            child.kill();
        }
        long begun = System.nanoTime();
        try (PublishLock heir =
                PublishLock.acquire(catalog, table, "the heir", new LockTerms(Duration.ofSeconds(60), HOUR, HOUR))) {
            heir.confirm();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(50));
        }
    }

    @Test
    void aDeadNumberOnAnotherMachineOrInAnotherContainerSaysNothing() throws Exception {
        TableName mine = new TableName("dws", "dws_lock_mine_1d");
        ShowLocksResponseElement own;
        try (PublishLock held = PublishLock.acquire(catalog, mine, "mine", SHORT)) {
            held.confirm();
            own = catalog.locks(mine).get(0);
        }
        String pid = ", process " + ProcessHandle.current().pid();
        String dead = own.getAgentInfo().replaceFirst(" in pid:\\[\\d+]$", "").replace(pid, ", process " + ended());
        String namespace = own.getAgentInfo().substring(own.getAgentInfo().indexOf(pid) + pid.length());
        // the same text with this machine's name and namespace is a dead holder: the test is about nothing else
        respected(new TableName("dws", "dws_lock_elsewhere_1d"), "elsewhere.example", dead + namespace);
        respected(new TableName("dws", "dws_lock_container_1d"), own.getHostname(), dead + " in pid:[1]");
        TableName here = new TableName("dws", "dws_lock_here_1d");
        lock(here, own.getHostname(), dead + namespace);
        PublishLock.acquire(catalog, here, "the heir", SHORT).close();
    }

    private void respected(TableName table, String host, String agent) {
        long id = lock(table, host, agent);
        refused(table, host);
        catalog.unlock(id);
    }

    private long lock(TableName table, String host, String agent) {
        LockComponent component = new LockComponent(LockType.EXCLUSIVE, LockLevel.TABLE, table.database());
        component.setTablename(table.table());
        component.setOperationType(DataOperationType.NO_TXN);
        LockRequest request = new LockRequest(List.of(component), "someone", host);
        request.setAgentInfo(agent);
        return catalog.lock(request).getLockid();
    }

    private void refused(TableName table, String holder) {
        assertThatThrownBy(() -> PublishLock.acquire(catalog, table, "too eager", SHORT))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("table " + table + " is being published by")
                .hasMessageContaining(holder);
    }

    /** Number of a process that has ended. */
    private static long ended() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }
}
