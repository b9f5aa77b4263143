package io.granary.ingestion.flume.poll;

import io.granary.ingestion.flume.Complaints;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.flume.Context;

/** A poller in a process of its own, to be killed. */
final class PollProcess {
    private PollProcess() {}

    /** @param args file with its settings */
    public static void main(String[] args) throws Exception {
        Properties file = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(args[0]))) {
            file.load(in);
        }
        Map<String, String> settings = new HashMap<>();
        file.stringPropertyNames().forEach(name -> settings.put(name, file.getProperty(name)));
        try (Poller poller = new Poller(
                PollSettings.of(new Context(settings)),
                Clock.systemUTC(),
                new Complaints(System.err::println),
                f -> 0)) {
            poller.recover();
            System.out.println("ready");
            while (true) {
                poller.look();
            }
        }
    }
}
