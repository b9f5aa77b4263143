package io.granary.warehouse.project;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The layers that models belong to; each is a database. ODS is made from sources, not by models. */
public enum Layer {
    DIM("dim_<entity>_{df,scd}", "dim_[a-z][a-z0-9_]*_(df|scd)"),
    DWD("dwd_<subject>_<process>_di", "dwd_SUBJECT_[a-z][a-z0-9_]*_di"),
    DWS("dws_<subject>_<grain>_{1h,1d,7d,30d,td}", "dws_SUBJECT_[a-z][a-z0-9_]*_(1h|1d|7d|30d|td)"),
    ADS("ads_<subject>_<report>", "ads_SUBJECT_[a-z][a-z0-9_]*");

    private final String convention;
    private final String pattern;

    Layer(String convention, String pattern) {
        this.convention = convention;
        this.pattern = pattern;
    }

    /** The database of the layer. */
    public String database() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How tables of this layer are named in a subject, for people. */
    public String convention(String subject) {
        return convention.replace("<subject>", subject);
    }

    public boolean allows(String table, String subject) {
        return table.matches(pattern.replace("SUBJECT", Pattern.quote(subject)));
    }

    public static Optional<Layer> of(String folder) {
        return Arrays.stream(values())
                .filter(layer -> layer.database().equals(folder))
                .findFirst();
    }

    public static List<String> folders() {
        return Arrays.stream(values()).map(Layer::database).toList();
    }
}
