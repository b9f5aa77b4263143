package io.granary.batch.seal;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the landed chunks of one source into ODS rows (docs/contracts.md, section 8). */
final class SourceSeal {
    private static final Logger LOG = LoggerFactory.getLogger(SourceSeal.class);

    private static final String UNBALANCED = "NOT (read_lines <=> loaded + duplicate + quarantined + lost)";

    private final SourceNode source;
    private final Landing landing;
    private final TableStore store;
    private final SqlSession sql;
    private final Clock clock;

    SourceSeal(SourceNode source, Landing landing, TableStore store, SqlSession sql, Clock clock) {
        this.source = source;
        this.landing = landing;
        this.store = store;
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * Finishes seals that did not, then seals what is new.
     *
     * @param abandoned files that agents left open, which nobody writes any more
     */
    SealOutcome run(Collection<LandingFile> abandoned) {
        SealOutcome outcome = SealOutcome.NOTHING;
        List<SealRecord> records = landing.records();
        for (SealRecord record : records) {
            if (record.state() == SealRecord.State.PLANNED) {
                LOG.info("seal {} of {} did not finish, it is run again", record.runId(), source.qualifiedName());
                outcome = outcome.and(seal(record));
            }
        }
        List<SealRecord.Taken> files = newFiles(taken(records), abandoned);
        if (files.isEmpty()) {
            return outcome;
        }
        SealRecord record = SealRecord.planned(RunId.next(clock), source.qualifiedName(), files);
        landing.write(record);
        return outcome.and(seal(record));
    }

    /** How far each file was read by all seals; those that did not finish are done by now. */
    private static Map<String, Long> taken(List<SealRecord> records) {
        Map<String, Long> taken = new HashMap<>();
        records.forEach(r -> r.files().forEach(f -> taken.merge(f.path(), f.length(), Math::max)));
        return taken;
    }

    /** Closed files and those left open by dead agents, as far as they were not read. */
    private List<SealRecord.Taken> newFiles(Map<String, Long> taken, Collection<LandingFile> abandoned) {
        List<LandingFile> files = landing.files();
        Set<String> open = Landing.open(files).stream().map(LandingFile::path).collect(Collectors.toSet());
        abandoned.forEach(f -> open.remove(f.path()));
        Map<String, SealRecord.Taken> fresh = new TreeMap<>();
        for (LandingFile listed : files) {
            if (open.contains(listed.path()) || isKnown(listed, taken)) {
                continue;
            }
            LandingFile file = listed.temporary() ? landing.recover(listed) : listed;
            boolean worthReading = file.length() > taken.getOrDefault(file.finalPath(), 0L)
                    && (!file.temporary() || landing.hasHeader(file));
            if (worthReading) {
                fresh.put(file.finalPath(), new SealRecord.Taken(file.finalPath(), file.length()));
            }
        }
        return List.copyOf(fresh.values());
    }

    /** The length of a file whose lease was not recovered may be that of its full blocks only. */
    private static boolean isKnown(LandingFile file, Map<String, Long> taken) {
        Long read = taken.get(file.finalPath());
        return read != null && file.length() <= read;
    }

    private SealOutcome seal(SealRecord record) {
        List<String> addresses = record.files().stream().map(landing::address).toList();
        SealSql.chunkViews(addresses).forEach(sql::execute);
        sql.execute(SealSql.parsedView(source));
        List<Arrivals> staged = new ArrayList<>();
        try {
            Arrivals rejected =
                    stage(SealTables.quarantine(), record, SealSql.rejectedRows(source, record.runId()), staged);
            Arrivals good = stage(SealTables.ods(source), record, SealSql.goodRows(source, record.runId()), staged);
            markDuplicates(good, rejected, record.runId());
            String counts = SealSql.account(source, record.runId(), good.classified(), rejected.classified());
            Arrivals account = stage(SealTables.account(), record, counts, staged);

            SealOutcome counted = balanced(record, account, rejected);
            spareQueries(counted, good, rejected);
            Provenance provenance = provenance();
            rejected.publish(provenance);
            Arrivals.Publication published = good.publish(provenance);
            account.publish(provenance);
            landing.write(record.done());
            return counted.published(published);
        } catch (GranaryException e) {
            staged.forEach(arrivals -> discardQuietly(arrivals, e));
            throw e;
        }
    }

    /** What the account knows already need not be asked again: usually nothing is a duplicate, or everything is. */
    private static void spareQueries(SealOutcome counted, Arrivals good, Arrivals rejected) {
        if (counted.duplicate() == 0) {
            good.without(List.of());
            rejected.without(List.of());
        }
        if (counted.loaded() == 0) {
            good.discard();
        }
        if (counted.quarantined() == 0) {
            rejected.discard();
        }
    }

    private Arrivals stage(TableSchema schema, SealRecord record, String select, List<Arrivals> staged) {
        store.ensure(schema);
        Arrivals arrivals = Arrivals.stage(store, sql, clock, schema, record.runId(), select);
        staged.add(arrivals);
        return arrivals;
    }

    private static void discardQuietly(Arrivals arrivals, GranaryException failure) {
        try {
            arrivals.discard();
        } catch (GranaryException e) {
            failure.addSuppressed(e);
        }
    }

    /** A line is a duplicate when another seal loaded it into the partition it belongs to, or quarantined it. */
    private void markDuplicates(Arrivals good, Arrivals rejected, String sealId) {
        List<String> known = new ArrayList<>();
        List<PartitionSpec> quarantine = rejected.published().stream()
                .filter(p -> p.values().get(0).equals(source.qualifiedName()))
                .toList();
        if (!quarantine.isEmpty()) {
            known.add(SealSql.identities(rejected.table(), quarantine, sealId));
        }
        rejected.without(known);
        if (!good.presentCandidates().isEmpty()) {
            known.add(SealSql.identities(good.table(), good.presentCandidates(), sealId));
        }
        good.without(known);
    }

    /**
     * The account's sums.
     *
     * @throws GranaryException when lines are missing or too many; then nothing is published
     */
    private SealOutcome balanced(SealRecord record, Arrivals account, Arrivals rejected) {
        String rows = "(" + account.classified() + ")";
        List<Object> sums = sql.query("SELECT COALESCE(SUM(read_lines), 0), COALESCE(SUM(loaded), 0),"
                        + " COALESCE(SUM(duplicate), 0), COALESCE(SUM(quarantined), 0), COUNT_IF(" + UNBALANCED
                        + ") FROM " + rows)
                .rows()
                .get(0);
        if (number(sums, 4) > 0) {
            List<List<Object>> wrong = sql.query("SELECT host, file, dt, hh, read_lines, loaded, duplicate, quarantined"
                            + " FROM " + rows + " WHERE " + UNBALANCED + " LIMIT 5")
                    .rows();
            throw new GranaryException(
                    ErrorCode.DATA,
                    source.qualifiedName() + ": the account of seal " + record.runId()
                            + " does not balance, so nothing was published. read_lines (by the chunks' line numbers) is"
                            + " not loaded + duplicate + quarantined for:\n"
                            + wrong.stream().map(SourceSeal::shown).collect(Collectors.joining("\n")));
        }
        long quarantined = number(sums, 3);
        return new SealOutcome(
                record.files().size(),
                number(sums, 0),
                number(sums, 1),
                number(sums, 2),
                quarantined,
                quarantined == 0 ? List.of() : rejections(rejected),
                List.of(),
                null);
    }

    private static long number(List<Object> row, int index) {
        return ((Number) row.get(index)).longValue();
    }

    private static String shown(List<Object> row) {
        return "  host %s, file %s, collected %s hour %s: read_lines %s, loaded %s, duplicate %s, quarantined %s"
                .formatted(row.toArray());
    }

    private List<String> rejections(Arrivals rejected) {
        return sql
                .query("SELECT host, file, line_number, reason FROM (" + rejected.classified()
                        + ") WHERE NOT is_duplicate ORDER BY host, file, line_number LIMIT "
                        + SealOutcome.REJECTIONS_SHOWN)
                .rows()
                .stream()
                .map(r -> "host %s, file %s, line %s: %s".formatted(r.toArray()))
                .toList();
    }

    private Provenance provenance() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(SealSql.parsedView(source).getBytes(StandardCharsets.UTF_8));
            return new Provenance(source.id(), HexFormat.of().formatHex(hash, 0, 8), List.of());
        } catch (NoSuchAlgorithmException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "this JVM has no SHA-256", e);
        }
    }
}
