package io.granary.streaming.count;

import io.granary.functions.sketch.RedisSketch;
import io.granary.streaming.count.TallyPlan.Dimension;
import io.granary.streaming.count.TallyPlan.Group;
import io.granary.streaming.count.TallyPlan.Kind;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The numbers of a group by combination of its dimensions and bucket. A key is the bucket's number, doubled, plus one for
 * events too far ahead; then the values.
 */
final class GroupCounts implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int HEAD = Long.BYTES;

    final KeyTable keys = new KeyTable();
    /** Of each key its rows and its sums, in the order of the measures. */
    private final int stride;

    private final Sums numbers;
    /** By measure; null where it keeps none. */
    final Members[] members;

    long withoutTime;

    GroupCounts(Group group) {
        stride = 1
                + (int) group.measures().stream()
                        .filter(TallyPlan.Measure::isNumber)
                        .count();
        numbers = new Sums(16 * stride);
        members = new Members[group.measures().size()];
        for (int i = 0; i < members.length; i++) {
            Kind kind = group.measures().get(i).kind();
            members[i] = kind == Kind.MEMBERS ? new Members(false) : kind == Kind.SKETCH ? new Members(true) : null;
        }
    }

    /** Counts one row. */
    void count(Group group, long[] values, UTF8String[] texts, boolean[] nulls, long now) {
        if (group.where() >= 0 && (nulls[group.where()] || values[group.where()] == 0)) {
            return;
        }
        if (nulls[group.time()]) {
            withoutTime++;
            return;
        }
        int id = key(group, values, texts, nulls, now);
        int at = room(id);
        numbers.add(at, 1);
        int number = at;
        for (int i = 0; i < members.length; i++) {
            TallyPlan.Measure measure = group.measures().get(i);
            if (measure.isNumber()) {
                number++;
                if (!nulls[measure.slot()]) {
                    numbers.add(number, values[measure.slot()]);
                }
            } else if (measure.kind() != Kind.COUNT && !nulls[measure.slot()]) {
                members[i].add(id, texts[measure.slot()]);
            }
        }
    }

    private int key(Group group, long[] values, UTF8String[] texts, boolean[] nulls, long now) {
        long time = values[group.time()];
        long bucket = group.base() == 0 ? 0 : Math.floorDiv(time, group.base() * 1_000_000L);
        keys.begin();
        keys.putLong(bucket * 2 + (time > now + group.ahead() ? 1 : 0));
        for (int i = 0; i < group.by().size(); i++) {
            Dimension dimension = group.by().get(i);
            int slot = dimension.slot();
            if (nulls[slot]) {
                keys.putInt(-1);
            } else if (dimension.isNumber()) {
                keys.putInt(Long.BYTES);
                keys.putLong(values[slot]);
            } else {
                keys.putInt(texts[slot].numBytes());
                keys.putText(texts[slot]);
            }
        }
        return keys.id();
    }

    private int room(int id) {
        int at = id * stride;
        numbers.room(at + stride);
        return at;
    }

    void merge(GroupCounts other) {
        withoutTime += other.withoutTime;
        int[] moved = new int[other.keys.size()];
        for (int id = 0; id < moved.length; id++) {
            keys.begin();
            keys.putBytes(other.keys.bytes(), other.keys.start(id), other.keys.length(id));
            moved[id] = keys.id();
            int to = room(moved[id]);
            for (int i = 0; i < stride; i++) {
                numbers.add(to + i, other.numbers, id * stride + i);
            }
        }
        for (int i = 0; i < members.length; i++) {
            if (members[i] != null) {
                members[i].merge(other.members[i], moved);
            }
        }
    }

    long rows(int id) {
        return numbers.value(id * stride);
    }

    /** @param sum index among the group's sums */
    void addSum(int id, int sum, Sums to, int place) {
        to.add(place, numbers, id * stride + 1 + sum);
    }

    long bucket(int id) {
        return keys.readLong(keys.start(id)) >> 1;
    }

    boolean isFuture(int id) {
        return (keys.readLong(keys.start(id)) & 1) != 0;
    }

    /** First byte of the values in the key. */
    int valuesAt(int id) {
        return keys.start(id) + HEAD;
    }

    int valuesLength(int id) {
        return keys.length(id) - HEAD;
    }

    /** Members by owner: each of them once, or of each register of a sketch the one that ranks highest. */
    static final class Members implements Serializable {
        private static final long serialVersionUID = 1L;

        private final boolean isSketch;
        private final KeyTable keys = new KeyTable();
        private byte[] ranks = new byte[16];
        private byte[][] best = new byte[16][];

        Members(boolean isSketch) {
            this.isSketch = isSketch;
        }

        void add(int owner, UTF8String member) {
            if (isSketch) {
                int place = RedisSketch.place(member);
                int id = register(owner, RedisSketch.registerOf(place));
                int rank = RedisSketch.rankOf(place);
                if (rank > ranks[id]) {
                    keep(id, rank, member.copy().getBytes());
                }
                return;
            }
            keys.begin();
            keys.putInt(owner);
            keys.putText(member);
            keys.id();
        }

        private int register(int owner, int register) {
            keys.begin();
            keys.putInt(owner);
            keys.putInt(register);
            int id = keys.id();
            if (id >= ranks.length) {
                ranks = Arrays.copyOf(ranks, id * 2);
                best = Arrays.copyOf(best, id * 2);
            }
            return id;
        }

        private void keep(int id, int rank, byte[] member) {
            ranks[id] = (byte) rank;
            best[id] = member;
        }

        /** @param owners what each owner of the other becomes here; a negative one is left out */
        void merge(Members other, int[] owners) {
            for (int id = 0; id < other.keys.size(); id++) {
                int owner = owners[other.owner(id)];
                if (owner < 0) {
                    continue;
                }
                int at = other.keys.start(id) + Integer.BYTES;
                if (isSketch) {
                    int mine = register(owner, other.keys.readInt(at));
                    if (other.ranks[id] > ranks[mine]) {
                        keep(mine, other.ranks[id], other.best[id]);
                    }
                } else {
                    keys.begin();
                    keys.putInt(owner);
                    keys.putBytes(other.keys.bytes(), at, other.keys.length(id) - Integer.BYTES);
                    keys.id();
                }
            }
        }

        int size() {
            return keys.size();
        }

        int owner(int id) {
            return keys.readInt(keys.start(id));
        }

        String member(int id) {
            return isSketch
                    ? UTF8String.fromBytes(best[id]).toString()
                    : keys.readText(keys.start(id) + Integer.BYTES, keys.length(id) - Integer.BYTES);
        }

        boolean isSketch() {
            return isSketch;
        }
    }
}
