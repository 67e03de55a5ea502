package org.dnallama.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.dnallama.collective.AllReduce;
import org.dnallama.collective.Collectives;
import org.dnallama.collective.Meeting;
import org.dnallama.config.TrainingException;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/**
 * Ranks that work together: one barrier stage with a task for each. If one is lost, Spark runs the stage again, and
 * each rank goes on from what it finds on the file system.
 *
 * @param name shown in the Spark UI
 * @param worldSize number of ranks
 * @param collective who sums over them
 * @param timeout how long a rank waits for another before it counts as lost
 */
public record BarrierJob(String name, int worldSize, Collectives collective, Duration timeout) {

    /**
     * Runs a task on every rank.
     *
     * @param spark the session
     * @param task each rank's work
     * @param <R> what ranks have to tell
     * @return what rank 0 has to tell
     * @throws TrainingException if ranks were lost beyond retries, or what else a rank threw that is the user's to mend
     */
    public <R> R run(SparkSession spark, RankTask<R> task) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        return FirstFailure.explained(
                spark.sparkContext(),
                name,
                worldSize,
                () -> context.parallelize(java.util.Collections.nCopies(worldSize, 0), worldSize)
                        .rdd()
                        .barrier()
                        .mapPartitions(
                                new Rank<>(collective, timeout, task), false, ClassTag$.MODULE$.apply(Object.class))
                        .toJavaRDD()
                        // Spark never runs a barrier stage again that is the last one.
                        .repartition(1)
                        .collect()
                        .get(0));
    }

    /** One rank: it meets the others, works, and leaves. */
    private static final class Rank<R> extends AbstractFunction1<Iterator<Integer>, Iterator<R>>
            implements Serializable {

        private final Collectives collective;
        private final Duration timeout;
        private final RankTask<R> task;

        Rank(Collectives collective, Duration timeout, RankTask<R> task) {
            this.collective = collective;
            this.timeout = timeout;
            this.task = task;
        }

        @Override
        public Iterator<R> apply(Iterator<Integer> nothing) {
            BarrierTaskContext context = BarrierTaskContext.get();
            try (AllReduce ranks = collective.join(meeting(context))) {
                R told = task.call(ranks);
                List<R> heard = ranks.rank() == 0 ? List.of(told) : List.of();
                return JavaConverters.asScalaIterator(heard.iterator());
            } catch (RuntimeException e) {
                throw e;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Exception e) {
                throw new IllegalStateException(e.toString(), e);
            }
        }

        private Meeting meeting(BarrierTaskContext context) {
            int rank = context.partitionId();
            String address = context.getTaskInfos()[rank].address();
            String host = address.contains(":") ? address.substring(0, address.lastIndexOf(':')) : address;
            return new Meeting(rank, context.getTaskInfos().length, host, timeout, Gpus.ofTask(), context::allGather);
        }
    }
}
