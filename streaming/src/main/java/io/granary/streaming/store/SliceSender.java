package io.granary.streaming.store;

import io.granary.streaming.store.SliceScript.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Sends the slices of a batch, many of them before the first answer comes. Those of a shard go in order over one
 * connection; one that was sent behind one that failed is refused by the fence, so nothing is left out.
 */
final class SliceSender {
    private final RedisNodes nodes;
    private final RedisScript script;
    private final int inFlight;

    /** @param inFlight how many slices are sent before their answers are read */
    SliceSender(RedisNodes nodes, RedisScript script, int inFlight) {
        this.nodes = nodes;
        this.script = script;
        this.inFlight = inFlight;
    }

    /** What is to be sent and how far it is. */
    interface Work {
        /** The call of a slice. */
        Call call(int shard, int slice);

        /** How many slices a shard has. */
        int slices(int shard);

        /** The first slice of a shard that was not answered yet. */
        int next(int shard);

        /** The next slice of a shard was applied, now or before. */
        void done(int shard, Object reply);
    }

    private record Sent(int shard, int slice, Call call) {}

    /**
     * Sends the next slices and reads their answers.
     *
     * @return whether slices are left
     * @throws JedisException the first that went wrong; what was answered before is done
     */
    boolean send(Work work) {
        List<Lane> lanes = new ArrayList<>();
        try {
            int share = Math.max(1, inFlight / nodes.lanes().size());
            for (List<Integer> shards : nodes.lanes()) {
                Deque<Sent> next = next(work, shards, share);
                if (!next.isEmpty()) {
                    Lane lane = new Lane(nodes.connection(shards.get(0)), next);
                    lanes.add(lane);
                    lane.send();
                }
            }
            JedisException failure = null;
            for (Lane lane : lanes) {
                failure = first(failure, lane.read(work));
            }
            if (failure != null) {
                throw failure;
            }
            return !lanes.isEmpty();
        } finally {
            lanes.forEach(Lane::close);
        }
    }

    private static JedisException first(JedisException known, JedisException next) {
        return known == null ? next : known;
    }

    /** Turn by turn, so that a shard with many slices does not hold up the others. */
    private static Deque<Sent> next(Work work, List<Integer> shards, int most) {
        Deque<Sent> sent = new ArrayDeque<>();
        for (int turn = 0; sent.size() < most; turn++) {
            int before = sent.size();
            for (int shard : shards) {
                int slice = work.next(shard) + turn;
                if (slice < work.slices(shard) && sent.size() < most) {
                    sent.add(new Sent(shard, slice, work.call(shard, slice)));
                }
            }
            if (sent.size() == before) {
                break;
            }
        }
        return sent;
    }

    /** A connection and what is sent over it. */
    private final class Lane {
        private final Connection connection;
        private final Deque<Sent> sent;

        Lane(Connection connection, Deque<Sent> sent) {
            this.connection = connection;
            this.sent = sent;
        }

        /** The first goes with the script's text, so that the node knows it for the others. */
        void send() {
            boolean isFirst = true;
            for (Sent one : sent) {
                connection.sendCommand(
                        script.command(isFirst, one.call().keys(), one.call().arguments()));
                isFirst = false;
            }
        }

        /** Reads all answers; returns the first that says that something went wrong. */
        JedisException read(Work work) {
            JedisException failure = null;
            Set<Integer> stuck = new HashSet<>();
            while (!sent.isEmpty()) {
                Sent one = sent.peek();
                try {
                    Object reply = reply(one, stuck);
                    sent.remove();
                    if (reply != null) {
                        work.done(one.shard(), reply);
                    }
                } catch (JedisConnectionException e) {
                    return first(failure, e);
                } catch (JedisException e) {
                    sent.remove();
                    // what else is wrong in this shard follows from the first
                    if (stuck.add(one.shard())) {
                        failure = first(failure, e);
                    }
                }
            }
            return failure;
        }

        private Object reply(Sent one, Set<Integer> stuck) {
            try {
                return connection.getOne();
            } catch (JedisRedirectionException e) {
                // the shard is on another node: the client follows, and knows from then on
                return stuck.contains(one.shard())
                        ? null
                        : script.run(
                                nodes.commands(), one.call().keys(), one.call().arguments());
            } catch (JedisConnectionException e) {
                connection.setBroken();
                throw e;
            } catch (JedisDataException e) {
                throw e;
            }
        }

        /** With answers unread the connection is of no more use. */
        void close() {
            if (!sent.isEmpty()) {
                connection.setBroken();
            }
            connection.close();
        }
    }
}
