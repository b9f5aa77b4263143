package io.granary.bench.flink;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Joins views to their campaign and counts them by window before the exchange, as the local part of Flink SQL's two-phase
 * window aggregate does. What it holds is sent before each watermark and before each barrier of a checkpoint, so it has no
 * state of its own to keep.
 */
final class LocalCounts extends AbstractStreamOperator<Tuple2<Integer, Long>>
        implements OneInputStreamOperator<AdView, Tuple2<Integer, Long>>, BoundedOneInput {
    private static final long serialVersionUID = 1;

    private final Campaigns campaigns;
    private transient Map<Long, long[]> counts;
    private transient long window;
    private transient long[] ofWindow;

    LocalCounts(Campaigns campaigns) {
        this.campaigns = campaigns;
        this.chainingStrategy = ChainingStrategy.ALWAYS;
    }

    @Override
    public void open() throws Exception {
        super.open();
        counts = new HashMap<>();
        window = Long.MIN_VALUE;
    }

    @Override
    public void processElement(StreamRecord<AdView> element) {
        AdView view = element.getValue();
        int campaign = campaigns.of(view);
        if (campaign < 0) {
            return;
        }
        if (view.at < window || view.at >= window + FlinkStreamPeer.WINDOW || ofWindow == null) {
            window = view.at - Math.floorMod(view.at, FlinkStreamPeer.WINDOW);
            ofWindow = counts.computeIfAbsent(window, w -> new long[campaigns.count()]);
        }
        ofWindow[campaign]++;
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        send();
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) {
        send();
    }

    @Override
    public void endInput() {
        send();
    }

    private void send() {
        counts.forEach((start, ofCampaigns) -> {
            for (int campaign = 0; campaign < ofCampaigns.length; campaign++) {
                if (ofCampaigns[campaign] > 0) {
                    output.collect(new StreamRecord<>(Tuple2.of(campaign, ofCampaigns[campaign]), start));
                }
            }
        });
        counts.clear();
        ofWindow = null;
    }
}
