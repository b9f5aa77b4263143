package io.granary.streaming.count;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.collection.JavaConverters;

/** What the parts of one running task share: the rows that are fed to the models' plans, and what they counted. */
public final class TaskCounts {
    private static final Map<Long, TaskCounts> RUNNING = new ConcurrentHashMap<>();

    private final Tally[] tallies;
    private Iterator<InternalRow> fed = JavaConverters.asScalaIterator(Collections.emptyIterator());
    private long lines;
    private long rejected;

    private TaskCounts(List<TallyPlan> plans, long now) {
        tallies = new Tally[plans.size()];
        for (int i = 0; i < tallies.length; i++) {
            tallies[i] = new Tally(plans.get(i), now);
        }
    }

    /** Begins the counts of a task; they are forgotten when it ends. */
    static TaskCounts begin(TaskContext task, List<TallyPlan> plans, long now) {
        TaskCounts counts = new TaskCounts(plans, now);
        long id = task.taskAttemptId();
        RUNNING.put(id, counts);
        task.addTaskCompletionListener((TaskCompletionListener) ended -> RUNNING.remove(id));
        return counts;
    }

    static TaskCounts of(TaskContext task) {
        TaskCounts counts = RUNNING.get(task.taskAttemptId());
        if (counts == null) {
            throw new IllegalStateException("rows are counted outside of a counting task");
        }
        return counts;
    }

    /** Of the task that runs in this thread. */
    static TaskCounts here() {
        return of(TaskContext.get());
    }

    Tally tally(int model) {
        return tallies[model];
    }

    Tally[] tallies() {
        return tallies;
    }

    void feed(Iterator<InternalRow> rows) {
        fed = rows;
    }

    /** Whether rows were fed that no plan has taken. */
    boolean isFed() {
        return fed.hasNext();
    }

    /** Gives what is fed; it ends when nothing is, and goes on when something is fed again. */
    Iterator<InternalRow> rows() {
        return new AbstractIterator<>() {
            @Override
            public boolean hasNext() {
                return fed.hasNext();
            }

            @Override
            public InternalRow next() {
                return fed.next();
            }
        };
    }

    /** Judges a line: for generated code. */
    public boolean line(boolean isGood, boolean isSkipped) {
        lines++;
        if (!isGood) {
            rejected++;
        }
        return isGood && !isSkipped;
    }

    long lines() {
        return lines;
    }

    long rejected() {
        return rejected;
    }
}
