package io.granary.ingestion.flume;

import io.granary.warehouse.error.GranaryException;
import java.util.List;

/** Asks Kafka whether an agent may start here, once as the machine that it is and once as any other. */
public final class SecondAgent {
    private SecondAgent() {}

    /** @param args Kafka's address, the source, and the name of the agent; prints who was refused */
    public static void main(String[] args) {
        List<String> groups = List.of("granary-landing-" + args[1]);
        Agents.requireOnly(args[0], groups, args[2]);
        System.out.println("here: may start");
        Agents.requireOnly(args[0], groups, args[2] + "-2", address -> false);
        System.out.println("elsewhere, another name: may start");
        try {
            Agents.requireOnly(args[0], groups, args[2], address -> false);
            System.out.println("elsewhere: may start");
        } catch (GranaryException e) {
            System.out.println("elsewhere: " + e.getMessage());
        }
    }
}
