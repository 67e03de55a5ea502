package org.dnallama.spark;

import java.io.Serializable;
import org.dnallama.collective.AllReduce;

/**
 * One rank's whole work, in a Spark task.
 *
 * @param <R> what it has to tell; rank 0's is heard
 */
@FunctionalInterface
public interface RankTask<R> extends Serializable {

    /**
     * Works.
     *
     * @param ranks this rank's place in the group; closed by the caller
     * @return what to tell
     * @throws Exception whatever ends the job
     */
    R call(AllReduce ranks) throws Exception;
}
