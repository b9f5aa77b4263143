package io.granary.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * What the metastore and the NameNode themselves counted, whoever called: Granary and the Thrift Server. Read over JMX by
 * attaching to the two processes.
 */
final class ServerCalls implements AutoCloseable {
    /** Hadoop looks at its own counters no more often. */
    private static final Duration HADOOP_CACHE = Duration.ofSeconds(11);

    private static final String COUNT = "NumOps";
    /** Asked again until the DataNode has reported the last block of a file. */
    private static final String REPEATED = "hdfs Complete";

    /** Of the DataNode, and by the clock. */
    private static final Set<String> OTHERS = Set.of(
            "SendHeartbeat",
            "BlockReport",
            "BlockReceivedAndDeleted",
            "RegisterDatanode",
            "VersionRequest",
            "RenewLease");

    private final JMXConnector metastore;
    private final JMXConnector nameNode;

    private final ObjectName rpc;

    /** @param fs address of the NameNode, such as {@code hdfs://127.0.0.1:41001} */
    ServerCalls(Home home, String fs) {
        try {
            // NameNode and DataNode share a process: the port says whose calls these are
            rpc = new ObjectName("Hadoop:service=*,name=RpcDetailedActivityForPort"
                    + URI.create(fs).getPort());
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
        metastore = connect(home, "metastore");
        nameNode = connect(home, "hdfs");
    }

    /** Calls by name, {@code metastore get_table} and {@code hdfs GetFileInfo}. */
    record Counts(Map<String, Long> calls) {
        Counts since(Counts before) {
            Map<String, Long> more = new TreeMap<>();
            calls.forEach((name, count) -> {
                long difference = count - before.calls.getOrDefault(name, 0L);
                if (difference != 0) {
                    more.put(name, difference);
                }
            });
            return new Counts(more);
        }

        /** All of a server but those whose number is chance. */
        long of(String server) {
            return calls.entrySet().stream()
                    .filter(e -> e.getKey().startsWith(server) && !e.getKey().equals(REPEATED))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    /** JMX names its connections by JNDI; the name comes from a process that this benchmark started. */
    @SuppressWarnings("BanJNDI")
    private static JMXConnector connect(Home home, String component) {
        try {
            String pid =
                    Files.readString(home.run().resolve(component + ".ready")).strip();
            VirtualMachine machine = VirtualMachine.attach(pid);
            try {
                return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
            } finally {
                machine.detach();
            }
        } catch (IOException | AttachNotSupportedException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "cannot look into the process of " + component + ": " + e, e);
        }
    }

    /** All calls since the servers started; waits until Hadoop looks at its counters again. */
    Counts now() {
        try {
            Thread.sleep(HADOOP_CACHE.toMillis());
            Map<String, Long> calls = new TreeMap<>();
            metastore(metastore.getMBeanServerConnection(), calls);
            nameNode(nameNode.getMBeanServerConnection(), calls);
            return new Counts(calls);
        } catch (IOException | JMException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read the servers' counters: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.BUSY, "interrupted while counters were read");
        }
    }

    private static void metastore(MBeanServerConnection server, Map<String, Long> calls)
            throws IOException, JMException {
        TabularData counted =
                (TabularData) server.getAttribute(new ObjectName("io.granary:type=MetastoreCalls"), "Calls");
        for (Object row : counted.values()) {
            CompositeData cells = (CompositeData) row;
            calls.put("metastore " + cells.get("key"), (Long) cells.get("value"));
        }
    }

    private void nameNode(MBeanServerConnection server, Map<String, Long> calls) throws IOException, JMException {
        for (ObjectName name : server.queryNames(rpc, null)) {
            String[] counters = Arrays.stream(server.getMBeanInfo(name).getAttributes())
                    .map(MBeanAttributeInfo::getName)
                    .filter(attribute -> attribute.endsWith(COUNT))
                    .toArray(String[]::new);
            for (Attribute counter : server.getAttributes(name, counters).asList()) {
                String call = counter.getName().substring(0, counter.getName().length() - COUNT.length());
                if (!OTHERS.contains(call)) {
                    calls.put("hdfs " + call, ((Number) counter.getValue()).longValue());
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        metastore.close();
        nameNode.close();
    }
}
