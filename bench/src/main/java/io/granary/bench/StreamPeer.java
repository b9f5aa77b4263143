package io.granary.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * One of those that count, in a process of its own: {@code StreamPeer CLASS NAME=VALUE…}. The class is a {@code
 * Consumer<Properties>} that counts a topic whole. A line {@code run TOPIC FOLDER} on stdin makes it count, the answer on
 * stdout is {@code peer: done WALL CPU}, in ns, of this process.
 */
public final class StreamPeer {
    static final String ANSWER = "peer: ";

    private StreamPeer() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err);
        Properties task = new Properties();
        for (int i = 1; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            task.setProperty(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        Consumer<Properties> job = job(args[0]);
        out.println(ANSWER + "ready");
        serve(job, task, out);
        System.exit(0);
    }

    @SuppressWarnings("unchecked")
    private static Consumer<Properties> job(String name) throws ReflectiveOperationException {
        return (Consumer<Properties>)
                Class.forName(name).getDeclaredConstructor().newInstance();
    }

    private static void serve(Consumer<Properties> job, Properties task, PrintStream out) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            task.setProperty("topic", words[1]);
            task.setProperty("folder", words[2]);
            System.gc();
            long cpu = cpu();
            long from = System.nanoTime();
            job.accept(task);
            out.println(ANSWER + "done " + (System.nanoTime() - from) + " " + (cpu() - cpu));
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
