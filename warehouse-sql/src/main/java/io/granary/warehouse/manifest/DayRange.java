package io.granary.warehouse.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.LocalDate;

/**
 * The days of an input that a model reads to make one day.
 *
 * @param from days from the model's day, such as -6; null when nothing bounds it
 * @param to days from the model's day, such as 0; null when nothing bounds it
 * @param sameHour only the hour that is made is read
 */
public record DayRange(Integer from, Integer to, boolean sameHour) {
    /** Nothing bounds what is read. */
    public static final DayRange ALL = new DayRange(null, null, false);

    /** Whether the days can be listed. */
    @JsonIgnore
    public boolean isBounded() {
        return from != null && to != null;
    }

    /** Whether a day is read when another one is made. */
    public boolean contains(LocalDate made, LocalDate read) {
        return (from == null || !read.isBefore(made.plusDays(from)))
                && (to == null || !read.isAfter(made.plusDays(to)));
    }

    /** What either reads. */
    public DayRange union(DayRange other) {
        return new DayRange(
                from == null || other.from == null ? null : Integer.valueOf(Math.min(from, other.from)),
                to == null || other.to == null ? null : Integer.valueOf(Math.max(to, other.to)),
                sameHour && other.sameHour);
    }

    /** What both allow. */
    public DayRange intersect(DayRange other) {
        return new DayRange(
                from == null ? other.from : other.from == null ? from : Integer.valueOf(Math.max(from, other.from)),
                to == null ? other.to : other.to == null ? to : Integer.valueOf(Math.min(to, other.to)),
                sameHour || other.sameHour);
    }
}
