package io.granary.warehouse.project;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The layers that models belong to; each is a database. ODS is made from sources, not by models. What may read what:
 *
 * <table>
 *   <caption>reader by row, read by column</caption>
 *   <tr><th></th><th>ODS</th><th>DIM, seeds</th><th>DWD</th><th>DWS</th><th>ADS</th></tr>
 *   <tr><th>DIM</th><td>yes</td><td>yes</td><td>yes</td><td>no</td><td>no</td></tr>
 *   <tr><th>DWD</th><td>yes</td><td>yes</td><td>yes</td><td>no</td><td>no</td></tr>
 *   <tr><th>DWS</th><td>no</td><td>yes</td><td>yes</td><td>yes</td><td>no</td></tr>
 *   <tr><th>ADS</th><td>no</td><td>yes</td><td>yes</td><td>yes</td><td>no</td></tr>
 * </table>
 *
 * A model may always read earlier partitions of its own table. ADS is for exports, reports and metrics.
 */
public enum Layer {
    DIM("dim_<entity>_{df,scd}", "dim_[a-z][a-z0-9_]*_(df|scd)"),
    DWD("dwd_<subject>_<process>_{di,hi}", "dwd_SUBJECT_[a-z][a-z0-9_]*_(di|hi)"),
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

    /** Whether a model of this layer may read a table of that database ({@code ods, dim, dwd, dws, ads}). */
    public boolean mayRead(String database) {
        return readable().contains(database);
    }

    /** The databases that models of this layer may read. */
    public List<String> readable() {
        return this == DIM || this == DWD ? List.of("ods", "dim", "dwd") : List.of("dim", "dwd", "dws");
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
