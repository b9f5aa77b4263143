package io.granary.cluster.hive;

import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.hadoop.hive.metastore.IHMSHandler;

/** How often each call of the metastore was asked for, by whomever; readable over JMX as {@value #NAME}. */
final class CountedCalls implements CountedCallsMXBean {
    static final String NAME = "io.granary:type=MetastoreCalls";

    private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();

    /** The handler with its calls counted from now on. */
    static IHMSHandler around(IHMSHandler handler) throws JMException {
        CountedCalls counted = new CountedCalls();
        ManagementFactory.getPlatformMBeanServer().registerMBean(counted, new ObjectName(NAME));
        return (IHMSHandler) Proxy.newProxyInstance(
                CountedCalls.class.getClassLoader(), new Class<?>[] {IHMSHandler.class}, (proxy, method, arguments) -> {
                    counted.calls
                            .computeIfAbsent(method.getName(), name -> new LongAdder())
                            .increment();
                    try {
                        return method.invoke(handler, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public Map<String, Long> getCalls() {
        Map<String, Long> now = new TreeMap<>();
        calls.forEach((name, number) -> now.put(name, number.sum()));
        return now;
    }
}
