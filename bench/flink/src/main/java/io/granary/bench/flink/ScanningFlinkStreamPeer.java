package io.granary.bench.flink;

/** The same job with a scanner for just these events, which looks at eight bytes at a time. */
public final class ScanningFlinkStreamPeer extends FlinkStreamPeer {
    @Override
    boolean isScanned() {
        return true;
    }
}
