package io.granary.cluster.hive;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.conf.HiveConf.ConfVars;
import org.apache.hadoop.hive.metastore.HiveMetaStore;
import org.apache.hadoop.hive.metastore.HiveMetaStore.HMSHandler;
import org.apache.hadoop.hive.metastore.IHMSHandler;
import org.apache.hadoop.hive.metastore.TUGIBasedProcessor;
import org.apache.hadoop.hive.metastore.txn.TxnDbUtil;
import org.apache.hadoop.hive.metastore.txn.TxnStore;
import org.apache.hadoop.hive.metastore.txn.TxnUtils;
import org.apache.hadoop.hive.thrift.TUGIContainingTransport;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.server.TServer;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;

/**
 * A Hive metastore on Derby. HiveMetaStore's own main listens on every network interface, so the Thrift server is put
 * together here, on 127.0.0.1.
 */
public final class Metastore {
    private static final int LOCK_CHECK_SECONDS = 30;

    private Metastore() {}

    /**
     * Arguments: data folder, port, default file system, file to write the process id to when the metastore takes
     * requests.
     */
    public static void main(String[] args) {
        try {
            Path data = Path.of(args[0]);
            Files.createDirectories(data);
            System.setProperty("derby.system.home", data.toString());
            // room for all statements of a metastore; one that has no room is compiled again at each call
            System.setProperty("derby.language.statementCache.size", "500");
            System.setProperty("derby.stream.error.method", Metastore.class.getName() + ".derbyLog");
            HiveConf conf = configuration(data, args[2]);
            Path locks = data.resolve("locks-prepared");
            serve(conf, Integer.parseInt(args[1]), locks, new ReadyFile(Path.of(args[3]), "metastore"));
        } catch (Throwable e) {
            System.err.println("metastore: cannot start");
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** Where Derby writes its own log; called by Derby. */
    public static java.io.OutputStream derbyLog() {
        return System.err;
    }

    private static void serve(HiveConf conf, int port, Path locks, ReadyFile ready) throws Exception {
        TServerSocket socket = new TServerSocket(new InetSocketAddress("127.0.0.1", port));
        IHMSHandler handler =
                HiveMetaStore.newRetryingHMSHandler(new HMSHandler("granary metastore", conf, false), conf, false);
        handler.get_all_databases();
        prepareLocks(conf, locks);
        releaseLocksOfTheDead(conf);
        TServer server = new TThreadPoolServer(new TThreadPoolServer.Args(socket)
                .processor(new TUGIBasedProcessor<>(CountedCalls.around(handler)))
                .transportFactory(new TUGIContainingTransport.Factory())
                .protocolFactory(new TBinaryProtocol.Factory())
                .minWorkerThreads(4)
                .maxWorkerThreads(200));
        ready.announce();
        server.serve();
    }

    /**
     * Makes the tables of the metastore's locks, once. A run that was killed in between left some of them, and Hive
     * makes all or fails; so what is there goes first.
     */
    private static void prepareLocks(HiveConf conf, Path done) throws Exception {
        if (Files.exists(done)) {
            return;
        }
        TxnDbUtil.cleanDb(conf);
        TxnDbUtil.prepDb(conf);
        Files.createFile(done);
    }

    /** The metastore itself never looks at locks whose holder stopped sending heartbeats; this does. */
    private static void releaseLocksOfTheDead(HiveConf conf) {
        TxnStore locks = TxnUtils.getTxnStore(conf);
        Thread thread = new Thread(
                () -> {
                    while (true) {
                        try {
                            TimeUnit.SECONDS.sleep(LOCK_CHECK_SECONDS);
                        } catch (InterruptedException e) {
                            return;
                        }
                        locks.performTimeOuts();
                    }
                },
                "lock-timeouts");
        thread.setDaemon(true);
        thread.start();
    }

    private static HiveConf configuration(Path data, String fs) {
        HiveConf conf = new HiveConf(Metastore.class);
        conf.set("fs.defaultFS", fs);
        conf.set("dfs.replication", "1");
        conf.set("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "10");
        conf.set("hadoop.tmp.dir", data.resolve("tmp").toString());
        conf.setVar(ConfVars.METASTOREURIS, "");
        conf.setVar(
                ConfVars.METASTORECONNECTURLKEY, "jdbc:derby:;databaseName=" + data.resolve("derby") + ";create=true");
        conf.setVar(ConfVars.METASTOREWAREHOUSE, fs + "/granary/warehouse");
        conf.setBoolVar(ConfVars.METASTORE_AUTO_CREATE_ALL, true);
        conf.setBoolVar(ConfVars.METASTORE_SCHEMA_VERIFICATION, false);
        return conf;
    }
}
