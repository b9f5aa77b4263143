package io.granary.tablestore;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.common.StatsSetupConst;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.hadoop.hive.metastore.TableType;
import org.apache.hadoop.hive.metastore.api.AlreadyExistsException;
import org.apache.hadoop.hive.metastore.api.Database;
import org.apache.hadoop.hive.metastore.api.EnvironmentContext;
import org.apache.hadoop.hive.metastore.api.LockRequest;
import org.apache.hadoop.hive.metastore.api.LockResponse;
import org.apache.hadoop.hive.metastore.api.NoSuchLockException;
import org.apache.hadoop.hive.metastore.api.NoSuchObjectException;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.ShowLocksRequest;
import org.apache.hadoop.hive.metastore.api.ShowLocksResponseElement;
import org.apache.hadoop.hive.metastore.api.Table;
import org.apache.thrift.TException;
import org.apache.thrift.transport.TTransportException;

/** The few calls of a Hive metastore that the store needs. */
final class HiveCatalog implements AutoCloseable {
    private final Profile profile;
    private final String address;
    private final HiveMetaStoreClient client;

    private HiveCatalog(Profile profile, HiveMetaStoreClient client) {
        this.profile = profile;
        this.address = profile.metastore();
        this.client = client;
    }

    static HiveCatalog connect(Profile profile) {
        String address = profile.metastore();
        try {
            return new HiveCatalog(profile, new HiveMetaStoreClient(settings(profile)));
        } catch (TException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "cannot reach the Hive metastore at " + address + ": " + firstLine(e)
                            + ". See `granary status`, or the value of `metastore` in the profile.",
                    e);
        }
    }

    /** A connection of its own to the same metastore. */
    HiveCatalog another() {
        return connect(profile);
    }

    /** What Hive itself says; dear to read, so read once. */
    private static final class Defaults {
        private static final HiveConf CONF = read();

        private static HiveConf read() {
            // HiveConf else loads conf/hive-site.xml of the working directory, which may name another metastore
            HiveConf.setHiveSiteLocation(null);
            return new HiveConf();
        }
    }

    private static HiveConf settings(Profile profile) {
        HiveConf conf = new HiveConf(Defaults.CONF);
        for (Map.Entry<String, String> setting : HadoopSettings.of(profile)) {
            conf.set(setting.getKey(), setting.getValue());
        }
        conf.setVar(HiveConf.ConfVars.METASTOREURIS, profile.metastore());
        return conf;
    }

    /** A call that may end in any of Thrift's exceptions. */
    @FunctionalInterface
    private interface Call<T> {
        T run() throws TException;
    }

    private <T> T call(String what, Call<T> call) {
        try {
            return call.run();
        } catch (TException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "the Hive metastore at " + address + " failed to " + what + ": " + firstLine(e)
                            + (e instanceof TTransportException ? ". See `granary status` and its log." : ""),
                    e);
        }
    }

    Optional<Table> table(TableName name) {
        return call("read table " + name, () -> {
            try {
                return Optional.of(client.getTable(name.database(), name.table()));
            } catch (NoSuchObjectException e) {
                return Optional.empty();
            }
        });
    }

    /** A table that must be there. */
    Table existing(TableName name) {
        return table(name).orElseThrow(() -> new GranaryException(ErrorCode.NOT_FOUND, "there is no table " + name));
    }

    static boolean isView(Table table) {
        return TableType.VIRTUAL_VIEW.name().equals(table.getTableType());
    }

    void ensureDatabase(String name, String location, String description, FileSystem files) {
        call("create database " + name, () -> {
            try {
                client.getDatabase(name);
            } catch (NoSuchObjectException missing) {
                // of two at once the metastore refuses one, and deletes the folder if it had made that
                makeFolder(location, files);
                try {
                    client.createDatabase(new Database(name, description, location, null));
                } catch (AlreadyExistsException other) {
                    // another process was faster
                }
            }
            return null;
        });
    }

    private static void makeFolder(String location, FileSystem files) {
        try {
            files.mkdirs(new Path(location));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot make " + location + ": " + e.getMessage(), e);
        }
    }

    void createTable(Table table) {
        call("create table " + table.getDbName() + "." + table.getTableName(), () -> {
            client.createTable(table);
            return null;
        });
    }

    /** The files of an external table stay. */
    void dropTable(TableName name) {
        call("drop table " + name, () -> {
            client.dropTable(name.database(), name.table(), false, true);
            return null;
        });
    }

    /** All partitions; none when there is no such table. */
    List<Partition> partitions(TableName name) {
        return call("list the partitions of " + name, () -> {
            try {
                return client.listPartitions(name.database(), name.table(), (short) -1);
            } catch (NoSuchObjectException e) {
                return List.of();
            }
        });
    }

    /** Those of the named partitions that exist; none when there is no such table. */
    List<Partition> partitions(TableName name, List<String> names) {
        return call("read partitions of " + name, () -> {
            try {
                return client.getPartitionsByNames(name.database(), name.table(), names);
            } catch (NoSuchObjectException e) {
                return List.of();
            }
        });
    }

    /** All or none. */
    void addPartitions(TableName name, List<Partition> partitions) {
        call("add partitions to " + name, () -> client.add_partitions(partitions, false, false));
    }

    /** One database transaction: all or none. */
    void alterPartitions(TableName name, List<Partition> partitions) {
        EnvironmentContext context = new EnvironmentContext();
        context.putToProperties(StatsSetupConst.DO_NOT_UPDATE_STATS, StatsSetupConst.TRUE);
        call("move the partitions of " + name, () -> {
            client.alter_partitions(name.database(), name.table(), partitions, context);
            return null;
        });
    }

    /** One database transaction. */
    void alterTable(TableName name, Table table) {
        EnvironmentContext context = new EnvironmentContext();
        context.putToProperties(StatsSetupConst.DO_NOT_UPDATE_STATS, StatsSetupConst.TRUE);
        call("change table " + name, () -> {
            client.alter_table_with_environmentContext(name.database(), name.table(), table, context);
            return null;
        });
    }

    List<String> databases() {
        return call("list the databases", client::getAllDatabases);
    }

    /** It must be empty; none is no fault. */
    void dropDatabase(String name) {
        call("drop database " + name, () -> {
            client.dropDatabase(name, false, true, false);
            return null;
        });
    }

    /** All tables of a database, views too; none when there is no such database. */
    List<Table> tables(String database) {
        return call("list the tables of " + database, () -> {
            List<String> names = client.getAllTables(database);
            return names.isEmpty() ? List.of() : client.getTableObjectsByName(database, names);
        });
    }

    /** Names of tables that fit a pattern with {@code *}; none when there is no such database. */
    List<TableName> tableNames(String database, String pattern) {
        return call("list the tables of " + database, () -> client.getTables(database, pattern)).stream()
                .map(table -> new TableName(database, table))
                .toList();
    }

    LockResponse lock(LockRequest request) {
        try {
            return call("lock a table", () -> client.lock(request));
        } catch (GranaryException e) {
            throw new GranaryException(
                    e.code(),
                    e.getMessage()
                            + "\nIf it answers otherwise, its database has no tables for locks: make them with Hive's schematool.",
                    e);
        }
    }

    LockResponse checkLock(long id) {
        return call("look at a lock", () -> client.checkLock(id));
    }

    /** Those held and those waited for. */
    List<ShowLocksResponseElement> locks(TableName name) {
        ShowLocksRequest request = new ShowLocksRequest();
        request.setDbname(name.database());
        request.setTablename(name.table());
        return call("list the locks of " + name, () -> client.showLocks(request).getLocks());
    }

    /** False when the lock is no more. */
    boolean heartbeat(long lock) {
        return call("keep a lock", () -> {
            try {
                client.heartbeat(0, lock);
                return true;
            } catch (NoSuchLockException gone) {
                return false;
            }
        });
    }

    void unlock(long id) {
        call("release a lock", () -> {
            try {
                client.unlock(id);
            } catch (NoSuchLockException gone) {
                // someone took it away
            }
            return null;
        });
    }

    /** The files stay. */
    void dropPartition(TableName name, List<String> values) {
        call("drop a partition of " + name, () -> client.dropPartition(name.database(), name.table(), values, false));
    }

    /** Opens the connection anew, after a call whose answer was lost. */
    void reconnect() {
        call("answer again", () -> {
            client.reconnect();
            return null;
        });
    }

    @Override
    public void close() {
        client.close();
    }

    private static String firstLine(TException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
