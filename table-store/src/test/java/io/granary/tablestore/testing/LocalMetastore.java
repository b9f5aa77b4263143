package io.granary.tablestore.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStore;
import org.apache.hadoop.hive.metastore.IHMSHandler;
import org.apache.hadoop.hive.metastore.TUGIBasedProcessor;
import org.apache.hadoop.hive.metastore.txn.TxnDbUtil;
import org.apache.hadoop.hive.thrift.TUGIContainingTransport;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;

/** A Hive metastore over a Derby of its own, served on loopback; calls can be made to fail. */
public final class LocalMetastore {
    /** When a call fails: the metastore has not done it, or has done it and only the answer is lost. */
    public enum Fault {
        BEFORE,
        AFTER
    }

    private record Planned(String method, Fault fault) {}

    private final String uri;
    private final AtomicReference<Planned> planned;
    private final List<String> calls;

    private LocalMetastore(String uri, AtomicReference<Planned> planned, List<String> calls) {
        this.uri = uri;
        this.planned = planned;
        this.calls = calls;
    }

    static LocalMetastore start(Path folder) throws Exception {
        List<String> calls = new CopyOnWriteArrayList<>();
        return start(folder, 0, true, calls, call -> {});
    }

    /**
     * Serves a metastore in a process of its own, which may be killed at any time and started again. Prints each call
     * that publishes, before and after it.
     *
     * @param args folder and port
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        System.setProperty(
                "derby.stream.error.file", folder.resolve("derby.log").toString());
        boolean fresh = !Files.exists(folder.resolve("locks-prepared"));
        start(folder, Integer.parseInt(args[1]), fresh, null, System.out::println);
        if (fresh) {
            Files.createFile(folder.resolve("locks-prepared"));
        }
        System.out.println("ready");
        Thread.sleep(Long.MAX_VALUE);
    }

    private static LocalMetastore start(
            Path folder, int port, boolean fresh, List<String> calls, Consumer<String> onPublish) throws Exception {
        // a metastore's statements are some hundred; what does not fit is compiled again at each call
        System.setProperty("derby.language.statementCache.size", "1000");
        HiveConf.setHiveSiteLocation(null);
        HiveConf conf = new HiveConf();
        conf.set("hive.metastore.uris", "");
        conf.set("javax.jdo.option.ConnectionURL", "jdbc:derby:" + folder.resolve("metastore") + ";create=true");
        conf.set("datanucleus.schema.autoCreateAll", "true");
        conf.set("hive.metastore.schema.verification", "false");
        conf.set("hive.metastore.warehouse.dir", folder.resolve("hive").toUri().toString());
        IHMSHandler real =
                HiveMetaStore.newRetryingHMSHandler(new HiveMetaStore.HMSHandler("metastore", conf, false), conf);
        if (fresh) {
            TxnDbUtil.cleanDb(conf);
            TxnDbUtil.prepDb(conf);
        }
        AtomicReference<Planned> planned = new AtomicReference<>();
        TServerSocket socket = new TServerSocket(new InetSocketAddress("127.0.0.1", port));
        TThreadPoolServer server = new TThreadPoolServer(new TThreadPoolServer.Args(socket)
                .executorService(Executors.newCachedThreadPool(LocalMetastore::daemon))
                .processor(new TUGIBasedProcessor<>(watched(real, planned, calls, onPublish)))
                .transportFactory(new TUGIContainingTransport.Factory())
                .protocolFactory(new TBinaryProtocol.Factory()));
        daemon(server::serve).start();
        return new LocalMetastore(
                "thrift://127.0.0.1:" + socket.getServerSocket().getLocalPort(), planned, calls);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "metastore");
        thread.setDaemon(true);
        return thread;
    }

    private static IHMSHandler watched(
            IHMSHandler real, AtomicReference<Planned> planned, List<String> calls, Consumer<String> onPublish) {
        return (IHMSHandler) Proxy.newProxyInstance(
                LocalMetastore.class.getClassLoader(), new Class<?>[] {IHMSHandler.class}, (proxy, method, args) -> {
                    if (calls != null) {
                        calls.add(method.getName());
                    }
                    if (method.getName().equals("shutdown")) {
                        return null; // a client goes; the thread keeps its store, which is dear, for the next one
                    }
                    boolean publishes = method.getName().startsWith("alter_");
                    Planned now = planned.get();
                    boolean hit = now != null && now.method().equals(method.getName());
                    if (hit) {
                        planned.set(null);
                    }
                    if (hit && now.fault() == Fault.BEFORE) {
                        throw new TException("planned fault before " + method.getName());
                    }
                    try {
                        if (publishes) {
                            onPublish.accept("enter");
                        }
                        Object answer = method.invoke(real, args);
                        if (publishes) {
                            onPublish.accept("leave");
                        }
                        if (hit) {
                            throw new TException("planned fault after " + method.getName());
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Makes the next call of a Thrift method fail, such as {@code alter_partitions_with_environment_context}. */
    public void fail(String method, Fault fault) {
        planned.set(new Planned(method, fault));
    }

    /** The Thrift methods that were called since the last time this was asked, by whomever. */
    public List<String> calls() {
        List<String> copy = List.copyOf(calls);
        calls.clear();
        return copy;
    }

    String uri() {
        return uri;
    }
}
