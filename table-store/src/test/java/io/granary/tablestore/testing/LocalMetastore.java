package io.granary.tablestore.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStore;
import org.apache.hadoop.hive.metastore.IHMSHandler;
import org.apache.hadoop.hive.metastore.TUGIBasedProcessor;
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

    private LocalMetastore(String uri, AtomicReference<Planned> planned) {
        this.uri = uri;
        this.planned = planned;
    }

    static LocalMetastore start(Path folder) throws Exception {
        HiveConf.setHiveSiteLocation(null);
        HiveConf conf = new HiveConf();
        conf.set("hive.metastore.uris", "");
        conf.set("javax.jdo.option.ConnectionURL", "jdbc:derby:" + folder.resolve("metastore") + ";create=true");
        conf.set("datanucleus.schema.autoCreateAll", "true");
        conf.set("hive.metastore.schema.verification", "false");
        conf.set("hive.metastore.warehouse.dir", folder.resolve("hive").toUri().toString());
        IHMSHandler real =
                HiveMetaStore.newRetryingHMSHandler(new HiveMetaStore.HMSHandler("metastore", conf, false), conf);
        AtomicReference<Planned> planned = new AtomicReference<>();
        TServerSocket socket = new TServerSocket(new InetSocketAddress("127.0.0.1", 0));
        TThreadPoolServer server = new TThreadPoolServer(new TThreadPoolServer.Args(socket)
                .processor(new TUGIBasedProcessor<>(failing(real, planned)))
                .transportFactory(new TUGIContainingTransport.Factory())
                .protocolFactory(new TBinaryProtocol.Factory()));
        Thread thread = new Thread(server::serve, "metastore");
        thread.setDaemon(true);
        thread.start();
        int port = socket.getServerSocket().getLocalPort();
        return new LocalMetastore("thrift://127.0.0.1:" + port, planned);
    }

    private static IHMSHandler failing(IHMSHandler real, AtomicReference<Planned> planned) {
        return (IHMSHandler) Proxy.newProxyInstance(
                LocalMetastore.class.getClassLoader(), new Class<?>[] {IHMSHandler.class}, (proxy, method, args) -> {
                    Planned now = planned.get();
                    boolean hit = now != null && now.method().equals(method.getName());
                    if (hit) {
                        planned.set(null);
                    }
                    if (hit && now.fault() == Fault.BEFORE) {
                        throw new TException("planned fault before " + method.getName());
                    }
                    try {
                        Object answer = method.invoke(real, args);
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

    String uri() {
        return uri;
    }
}
