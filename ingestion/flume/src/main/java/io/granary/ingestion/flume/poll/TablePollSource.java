package io.granary.ingestion.flume.poll;

import io.granary.ingestion.flume.Complaints;
import io.granary.ingestion.flume.LogTailSource;
import io.granary.ingestion.flume.SentFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flume.Context;
import org.apache.flume.EventDeliveryException;
import org.apache.flume.FlumeException;
import org.apache.flume.PollableSource;
import org.apache.flume.conf.Configurable;
import org.apache.flume.source.AbstractSource;

/**
 * A Flume source that looks at a database table every few seconds and sends the rows that changed, as lines of JSON in
 * chunks (docs/data-transfer.md). Settings: {@link PollSettings}, and those of the {@link LogTailSource} that reads its
 * journal, but {@code files}.
 */
public final class TablePollSource extends AbstractSource implements PollableSource, Configurable {
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final String SITE = PollSettings.PREFIX + "site";

    private final LogTailSource tail = new LogTailSource();
    private final Complaints complaints = new Complaints();
    private PollSettings settings;
    private Path positionFile;
    private PollThread thread;

    @Override
    public void configure(Context context) {
        Map<String, String> all = new TreeMap<>(context.getParameters());
        String site = all.remove(SITE);
        settings = PollSettings.of(new Context(all));
        Map<String, String> ofTail = new TreeMap<>(all);
        ofTail.keySet().removeIf(key -> key.startsWith(PollSettings.PREFIX));
        ofTail.put("files", "journal");
        ofTail.put("files.journal.site", site);
        ofTail.put("files.journal.glob", settings.folder() + "/*" + Journal.LINES);
        tail.setName(getName());
        tail.configure(new Context(ofTail));
        positionFile = Path.of(context.getString("positionFile"));
    }

    /** Brings the journal in order, then follows it and the table; a database that is away is waited for. */
    @Override
    public synchronized void start() {
        Poller poller = new Poller(settings, Clock.systemUTC(), complaints, new SentFiles(positionFile));
        try {
            poller.recover();
        } catch (IOException e) {
            throw new FlumeException(settings.source() + " cannot be polled: " + e.getMessage(), e);
        }
        try {
            tail.setChannelProcessor(getChannelProcessor());
            tail.start();
        } catch (RuntimeException e) {
            poller.close();
            throw e;
        }
        thread = new PollThread(poller, settings.every(), settings.source());
        thread.start();
        super.start();
    }

    @Override
    public synchronized void stop() {
        super.stop();
        if (thread != null) {
            thread.end(STOP);
            thread = null;
        }
        tail.stop();
    }

    @Override
    public Status process() throws EventDeliveryException {
        return tail.process();
    }

    @Override
    public long getBackOffSleepIncrement() {
        return tail.getBackOffSleepIncrement();
    }

    @Override
    public long getMaxBackOffSleepInterval() {
        return tail.getMaxBackOffSleepInterval();
    }
}
