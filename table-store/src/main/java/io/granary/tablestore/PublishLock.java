package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.hive.metastore.api.DataOperationType;
import org.apache.hadoop.hive.metastore.api.LockComponent;
import org.apache.hadoop.hive.metastore.api.LockLevel;
import org.apache.hadoop.hive.metastore.api.LockRequest;
import org.apache.hadoop.hive.metastore.api.LockResponse;
import org.apache.hadoop.hive.metastore.api.LockState;
import org.apache.hadoop.hive.metastore.api.LockType;
import org.apache.hadoop.hive.metastore.api.ShowLocksResponseElement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps publishers of one table apart: an exclusive lock of the metastore. A holder sends heartbeats; who waits watches
 * them, by its own clock, and takes the lock of a holder away that fell silent. So no clocks are compared, and it works
 * whether or not the metastore looks for dead holders itself.
 */
final class PublishLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PublishLock.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final String NAMESPACE = namespace();
    private static final Pattern PROCESS = Pattern.compile("(?s).*, process (\\d{1,18})( in .*)");

    private final HiveCatalog catalog;
    private final TableName table;
    private final long id;
    private final LockTerms terms;
    private final ScheduledExecutorService heartbeats;
    private HiveCatalog beating;

    private PublishLock(HiveCatalog catalog, TableName table, long id, LockTerms terms) {
        this.catalog = catalog;
        this.table = table;
        this.id = id;
        this.terms = terms;
        this.heartbeats = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "publish-lock");
            thread.setDaemon(true);
            return thread;
        });
        long millis = terms.heartbeat().toMillis();
        heartbeats.scheduleWithFixedDelay(this::beat, millis, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Waits for the lock.
     *
     * @param purpose shown to those who wait, such as {@code run 20261121T200000Z-3f9a1c}
     * @throws GranaryException that says who holds it, when it did not come free in time
     */
    static PublishLock acquire(HiveCatalog catalog, TableName table, String purpose, LockTerms terms) {
        return acquire(catalog, table, purpose, terms, true);
    }

    /** As {@link #acquire}, but waits for holders only until one of them shows that it lives. */
    static PublishLock acquireAlone(HiveCatalog catalog, TableName table, String purpose, LockTerms terms) {
        return acquire(catalog, table, purpose, terms, false);
    }

    private static PublishLock acquire(
            HiveCatalog catalog, TableName table, String purpose, LockTerms terms, boolean patient) {
        LockResponse answer = catalog.lock(request(table, purpose));
        long id = answer.getLockid();
        try {
            if (answer.getState() != LockState.ACQUIRED) {
                await(catalog, table, id, terms, patient);
            }
            return new PublishLock(catalog, table, id, terms);
        } catch (RuntimeException e) {
            releaseQuietly(catalog, table, id);
            throw e;
        }
    }

    private static LockRequest request(TableName table, String purpose) {
        LockComponent component = new LockComponent(LockType.EXCLUSIVE, LockLevel.TABLE, table.database());
        component.setTablename(table.table());
        component.setOperationType(DataOperationType.NO_TXN);
        LockRequest request = new LockRequest(List.of(component), System.getProperty("user.name", "unknown"), host());
        request.setAgentInfo(purpose + process());
        return request;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown host";
        }
    }

    private record Sign(long heartbeat, long seenAt) {}

    private static void await(HiveCatalog catalog, TableName table, long id, LockTerms terms, boolean patient) {
        long started = System.nanoTime();
        Map<Long, Sign> signs = new HashMap<>();
        long pause = 50;
        boolean told = false;
        while (catalog.checkLock(id).getState() != LockState.ACQUIRED) {
            List<ShowLocksResponseElement> ahead = catalog.locks(table).stream()
                    .filter(lock -> lock.getLockid() < id)
                    .toList();
            boolean refused = !patient && ahead.stream().anyMatch(lock -> lives(lock, signs));
            ahead.forEach(lock -> expire(catalog, table, lock, signs, terms));
            if (refused || System.nanoTime() - started > terms.limit().toNanos()) {
                throw new GranaryException(
                        ErrorCode.BUSY,
                        "table " + table + " is being published by " + holders(ahead) + "; waited "
                                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started)
                                + " s. Nothing was published. Run it again when that has ended.");
            }
            if (!told && ahead.stream().anyMatch(lock -> !isOurs(lock))) {
                LOG.warn("waiting for table {}: it is being published by {}", table, holders(ahead));
                told = true;
            }
            sleep(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE.toMillis());
        }
    }

    /** Another thread of this process: nobody has to be told. */
    private static boolean isOurs(ShowLocksResponseElement lock) {
        return lock.getHostname().equals(host())
                && String.valueOf(lock.getAgentInfo()).endsWith(process());
    }

    private static String process() {
        return ", process " + ProcessHandle.current().pid() + NAMESPACE;
    }

    /** In which world of processes a number names one: containers may share a host's name. */
    private static String namespace() {
        try {
            return " in " + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    /** A holder of this machine whose process is no more: nobody has to wait until it is silent for long enough. */
    private static boolean isDead(ShowLocksResponseElement lock) {
        return number(lock).isPresent()
                && process(lock).filter(ProcessHandle::isAlive).isEmpty();
    }

    /** The number of the holder's process; empty when it is one of another machine or another world of processes. */
    private static OptionalLong number(ShowLocksResponseElement lock) {
        Matcher process = PROCESS.matcher(String.valueOf(lock.getAgentInfo()));
        return !NAMESPACE.isEmpty()
                        && lock.getHostname().equals(host())
                        && process.matches()
                        && process.group(2).equals(NAMESPACE)
                ? OptionalLong.of(Long.parseLong(process.group(1)))
                : OptionalLong.empty();
    }

    private static Optional<ProcessHandle> process(ShowLocksResponseElement lock) {
        OptionalLong number = number(lock);
        return number.isPresent() ? ProcessHandle.of(number.getAsLong()) : Optional.empty();
    }

    /** A sign of life since it was first looked at, or a process of this machine that is there. */
    private static boolean lives(ShowLocksResponseElement lock, Map<Long, Sign> signs) {
        Sign last = signs.get(lock.getLockid());
        return (last != null && last.heartbeat() != lock.getLastheartbeat())
                || process(lock).filter(ProcessHandle::isAlive).isPresent();
    }

    /** Those who wait count too: a dead one in the queue would hold up everyone behind it. */
    private static void expire(
            HiveCatalog catalog,
            TableName table,
            ShowLocksResponseElement lock,
            Map<Long, Sign> signs,
            LockTerms terms) {
        if (isDead(lock)) {
            LOG.info("the lock of {} on table {} is taken away: that process has ended", holder(lock), table);
            releaseQuietly(catalog, table, lock.getLockid());
            return;
        }
        long now = System.nanoTime();
        Sign last = signs.get(lock.getLockid());
        if (last == null || last.heartbeat() != lock.getLastheartbeat()) {
            signs.put(lock.getLockid(), new Sign(lock.getLastheartbeat(), now));
            return;
        }
        if (now - last.seenAt() > terms.expiry().toNanos()) {
            LOG.warn("the lock of {} on table {} is taken away: no sign of life", holder(lock), table);
            releaseQuietly(catalog, table, lock.getLockid());
        }
    }

    private static String holders(List<ShowLocksResponseElement> locks) {
        return locks.isEmpty()
                ? "someone who has just ended"
                : String.join(
                        ", then by ", locks.stream().map(PublishLock::holder).toList());
    }

    private static String holder(ShowLocksResponseElement lock) {
        String since =
                lock.getAcquiredat() == 0 ? ", waiting too" : ", since " + Instant.ofEpochMilli(lock.getAcquiredat());
        String agent = String.valueOf(lock.getAgentInfo()).replaceFirst(" in pid:\\[\\d+]$", "");
        return lock.getUser() + " on " + lock.getHostname() + " (" + agent + since + ")";
    }

    /**
     * To be called right before the commit point.
     *
     * @throws GranaryException when the lock was taken away meanwhile: this process was silent for too long
     */
    void confirm() {
        if (!catalog.heartbeat(id)) {
            throw new GranaryException(
                    ErrorCode.BUSY,
                    "the lock on table " + table + " was taken away: this process gave no sign of life for "
                            + terms.expiry().toSeconds() + " s. Nothing was published; run it again.");
        }
    }

    /** On a connection of its own, opened only when a publish takes that long: the other one is busy. */
    private void beat() {
        try {
            if (beating == null) {
                beating = catalog.another();
            }
            beating.heartbeat(id);
        } catch (GranaryException e) {
            LOG.warn("no heartbeat for the lock on {}: {}", table, e.getMessage());
            closeBeating();
        }
    }

    private void closeBeating() {
        if (beating != null) {
            beating.close();
            beating = null;
        }
    }

    private static void releaseQuietly(HiveCatalog catalog, TableName table, long id) {
        try {
            catalog.unlock(id);
        } catch (GranaryException e) {
            try {
                catalog.reconnect();
                catalog.unlock(id);
            } catch (GranaryException again) {
                LOG.warn("the lock on {} is not released, it will expire: {}", table, again.getMessage());
            }
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.BUSY, "interrupted while waiting for a publish lock");
        }
    }

    @Override
    public void close() {
        heartbeats.shutdown();
        try {
            if (!heartbeats.awaitTermination(terms.heartbeat().toMillis(), TimeUnit.MILLISECONDS)) {
                heartbeats.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeBeating();
        releaseQuietly(catalog, table, id);
    }
}
