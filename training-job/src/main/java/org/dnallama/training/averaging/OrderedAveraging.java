package org.dnallama.training.averaging;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.dnallama.training.averaging.AveragingSettings.Moments;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.Tuple2;

/**
 * DL4J's averaging, summed in the order of the workers. Left to itself it sums in the order in which tasks end, so that
 * with three workers or more the last bits would be luck.
 */
final class OrderedAveraging extends ParameterAveragingTrainingMaster {

    /**
     * For a run.
     *
     * @param settings how workers average
     * @param rows of each worker's part of a step
     */
    OrderedAveraging(AveragingSettings settings, int rows) {
        super(new ParameterAveragingTrainingMaster.Builder(settings.workers(), rows)
                .batchSizePerWorker(rows)
                .averagingFrequency(settings.frequency())
                .saveUpdater(settings.moments() == Moments.AVERAGED)
                .workerPrefetchNumBatches(0)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .repartionData(Repartition.Never)
                .storageLevel(null));
    }

    @Override
    protected void processResults(
            SparkDl4jMultiLayer network,
            @Nullable SparkComputationGraph graph,
            JavaRDD<ParameterAveragingTrainingResult> results,
            int split,
            int splits) {
        JavaRDD<ParameterAveragingTrainingResult> inOrder = JavaPairRDD.fromJavaRDD(
                        results.mapPartitionsWithIndex(OrderedAveraging::numbered, true))
                .repartitionAndSortWithinPartitions(new HashPartitioner(1))
                .values()
                .map(Result::toDl4j);
        super.processResults(network, graph, inOrder, split, splits);
    }

    private static Iterator<Tuple2<Integer, Result>> numbered(
            int worker, Iterator<ParameterAveragingTrainingResult> results) {
        List<Tuple2<Integer, Result>> numbered = new ArrayList<>();
        results.forEachRemaining(result -> numbered.add(new Tuple2<>(worker, Result.of(result))));
        return numbered.iterator();
    }

    /** What a worker sends; DL4J's own class cannot be shuffled. */
    private record Result(INDArray parameters, @Nullable INDArray moments, double score) implements Serializable {

        static Result of(ParameterAveragingTrainingResult result) {
            return new Result(result.getParameters(), result.getUpdaterState(), result.getScore());
        }

        ParameterAveragingTrainingResult toDl4j() {
            return new ParameterAveragingTrainingResult(parameters, moments, score, null, null, null);
        }
    }
}
