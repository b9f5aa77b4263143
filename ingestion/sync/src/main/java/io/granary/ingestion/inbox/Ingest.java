package io.granary.ingestion.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.select.Selector;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Takes files that were checked through the same path as any log: inbox, agent, Kafka, landing, seal, models. Whatever
 * step it dies at, the same call again goes on from there and adds nothing twice.
 */
final class Ingest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Home home;
    private final Manifest manifest;
    private final SourceNode source;
    private final VerbCalls granary;
    private final Patience patience;
    private final PrintWriter progress;
    private final SortedSet<String> touched = new TreeSet<>();

    /**
     * How long to wait.
     *
     * @param agent while the agent makes no progress
     * @param landing until what the agent has sent is in closed landing files; the first look comes after {@code look}
     */
    record Patience(Duration agent, Duration landing, Duration look) {
        static final Patience NORMAL =
                new Patience(Duration.ofSeconds(60), Duration.ofSeconds(120), Duration.ofSeconds(3));
    }

    Ingest(
            Home home,
            Manifest manifest,
            SourceNode source,
            VerbCalls granary,
            Patience patience,
            PrintWriter progress) {
        this.home = home;
        this.manifest = manifest;
        this.source = source;
        this.granary = granary;
        this.patience = patience;
        this.progress = progress;
    }

    /** A file on its way, where it is in the inbox. */
    private record Taken(Incoming incoming, Inbox.Entry entry) {
        String file() {
            return incoming.sha256();
        }
    }

    /** Takes files and returns what is to be said about them. */
    List<String> run(List<Incoming> incoming, String site) {
        long start = System.nanoTime();
        Inbox inbox = new Inbox(home.inbox().resolve(source.qualifiedName()));
        List<String> summary = new ArrayList<>();
        Map<String, Incoming> unique = new LinkedHashMap<>();
        for (Incoming file : incoming) {
            Incoming first = unique.putIfAbsent(file.sha256(), file);
            if (first != null) {
                file.discard();
                summary.add(file.given() + ": 0 lines added: the same content as " + first.given());
            }
        }
        List<Taken> taken = take(inbox, unique, site, summary);
        if (!taken.isEmpty()) {
            finish(taken, summary);
        }
        summary.add(String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - start) / 1e9));
        return summary;
    }

    private List<Taken> take(Inbox inbox, Map<String, Incoming> files, String site, List<String> summary) {
        List<String> known =
                files.keySet().stream().filter(f -> inbox.find(f).isPresent()).toList();
        Account account = known.isEmpty() ? new Account(List.of(), List.of(), List.of()) : account(known);
        List<Incoming> fresh = new ArrayList<>();
        List<Taken> taken = new ArrayList<>();
        for (Incoming file : files.values()) {
            Inbox.Entry entry = inbox.find(file.sha256()).orElse(null);
            if (entry == null) {
                fresh.add(file);
                continue;
            }
            file.discard();
            Account.Sealed sealed = account.of(file.sha256());
            if (sealed.settled() >= file.lines() && entry.isDone()) {
                summary.add(file.given()
                        + String.format(
                                Locale.ROOT,
                                ": 0 lines added: this content is already in the warehouse as site %s (%,d loaded, %,d"
                                        + " quarantined)",
                                entry.site(),
                                sealed.loaded(),
                                sealed.quarantined()));
            } else {
                say(file.given() + ": already in the inbox as site " + entry.site() + ", going on from there");
                taken.add(new Taken(file, entry));
            }
        }
        if (!fresh.isEmpty() || !taken.isEmpty()) {
            agent().requireRunning();
        }
        fresh.forEach(file -> taken.add(new Taken(file, inbox.add(file, site))));
        return taken;
    }

    private void finish(List<Taken> taken, List<String> summary) {
        Map<String, Long> sizes = taken.stream()
                .collect(Collectors.toMap(Taken::file, t -> t.incoming().bytes()));
        long all = sizes.values().stream().mapToLong(Long::longValue).sum();
        agent().await(sizes, sent -> say(String.format(Locale.ROOT, "agent: %,d of %,d bytes sent", sent, all)));
        Account account = seal(taken);
        account.days().forEach(day -> touched.add(day.ds()));
        build();
        taken.forEach(t -> t.entry().markDone());
        taken.forEach(t -> describe(t, account, summary));
        summary.add("days: "
                + account.rowsByDay().entrySet().stream()
                        .map(d -> String.format(Locale.ROOT, "%s (%,d)", d.getKey(), d.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    /** What the agent has sent is in landing a little later: seals until the account knows every line. */
    private Account seal(List<Taken> taken) {
        List<String> files = taken.stream().map(Taken::file).toList();
        long until = System.nanoTime() + patience.landing().toNanos();
        while (true) {
            Agent.pause(patience.look());
            say("sealing " + source.qualifiedName());
            // it fails when another host is silent: what counts here is these files
            VerbCalls.Ended ended = granary.ask("seal", source.qualifiedName());
            touched.addAll(sealedDays());
            Account account = account(files);
            List<Taken> open = taken.stream()
                    .filter(t -> account.of(t.file()).settled() < t.incoming().lines())
                    .toList();
            if (open.isEmpty()) {
                return account;
            }
            if (System.nanoTime() > until) {
                Taken first = open.get(0);
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        first.incoming().given() + ": "
                                + account.of(first.file()).settled() + " of "
                                + first.incoming().lines() + " lines are in the warehouse, and the rest did not land"
                                + " within " + patience.landing().toSeconds() + " s. See `granary logs flume`. The file"
                                + " stays in the inbox: run the same command again and it goes on from there."
                                + (ended.code() == 0
                                        ? ""
                                        : "\n`granary seal` said: "
                                                + ended.errors().strip()));
            }
            say("not all lines have landed yet");
        }
    }

    /** Days of the partitions the last seal published. */
    private List<String> sealedDays() {
        try {
            JsonNode root = JSON.readTree(home.runResults().toFile());
            List<String> days = new ArrayList<>();
            for (JsonNode result : root.path("results")) {
                if (result.path("unique_id").asText().equals(source.id())) {
                    result.path("partitions").forEach(p -> days.add(day(p.asText())));
                }
            }
            return days;
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "cannot read what was sealed from " + home.runResults() + ": " + e, e);
        }
    }

    private static String day(String partition) {
        return partition.split("/", 2)[0].replaceFirst("^ds=", "");
    }

    private void build() {
        String models = Selector.parse(source.id() + "+").models(manifest).stream()
                .map(ModelNode::name)
                .collect(Collectors.joining(" "));
        if (models.isEmpty()) {
            say("no model reads " + source.qualifiedName());
            return;
        }
        int number = 0;
        for (String ds : touched) {
            say("building day " + ++number + " of " + touched.size() + ", " + ds);
            granary.run("build", "--select", models, "--ds", ds);
        }
    }

    private void describe(Taken taken, Account account, List<String> summary) {
        Account.Sealed sealed = account.of(taken.file());
        summary.add(String.format(
                Locale.ROOT,
                "%s: %,d lines read, %,d added, %,d duplicate, %,d quarantined as site %s%s",
                taken.incoming().given(),
                taken.incoming().lines(),
                sealed.loaded(),
                sealed.duplicate(),
                sealed.quarantined(),
                taken.entry().site(),
                sealed.lost() == 0 ? "" : String.format(Locale.ROOT, ", %,d lost", sealed.lost())));
        account.quarantined().stream()
                .filter(q -> q.file().equals(taken.file()))
                .forEach(q -> summary.add(String.format(Locale.ROOT, "  line %,d: %s", q.line(), q.reason())));
    }

    private Account account(List<String> files) {
        return Account.ask(granary, source.qualifiedName(), source.table(), files);
    }

    private Agent agent() {
        return new Agent(home, source.qualifiedName(), patience.agent());
    }

    private void say(String what) {
        progress.println(what);
        progress.flush();
    }
}
