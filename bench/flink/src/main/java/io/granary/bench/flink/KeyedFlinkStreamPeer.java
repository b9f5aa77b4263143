package io.granary.bench.flink;

import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.util.Collector;

/** The same job as most write it on the DataStream API: every view goes to its campaign's task. */
public final class KeyedFlinkStreamPeer extends FlinkStreamPeer {
    @Override
    DataStream<Tuple2<Integer, Long>> counted(DataStream<AdView> views, Campaigns campaigns) {
        return views.flatMap(new Join(campaigns));
    }

    private static final class Join extends RichFlatMapFunction<AdView, Tuple2<Integer, Long>> {
        private static final long serialVersionUID = 1;

        private final Campaigns campaigns;
        private final Tuple2<Integer, Long> count = Tuple2.of(0, 1L);

        Join(Campaigns campaigns) {
            this.campaigns = campaigns;
        }

        @Override
        public void flatMap(AdView view, Collector<Tuple2<Integer, Long>> out) {
            int campaign = campaigns.of(view);
            if (campaign >= 0) {
                count.f0 = campaign;
                out.collect(count);
            }
        }
    }
}
