package org.dnallama.training;

import java.io.IOException;
import java.io.Serializable;
import java.time.InstantSource;
import org.apache.spark.api.java.JavaSparkContext;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.collective.AllReduce;
import org.dnallama.compute.Backends;
import org.dnallama.config.Seeds;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.spark.Gpus;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.PretrainInputs;
import org.dnallama.spark.RankTask;
import org.dnallama.spark.monitor.RankReporter;
import org.dnallama.train.TrainState;
import org.dnallama.train.TrainingJob;
import org.dnallama.train.TrainingSettings;
import org.dnallama.training.averaging.AveragedTraining;
import org.dnallama.training.averaging.AveragingSettings;

/** One rank of pre-training, on an executor: loads rows and weights and calls the core. */
record PretrainTask(PretrainInputs inputs, String output, Run run) implements RankTask<TrainState> {

    /** On what, how long and how. */
    record Run(Backends backend, TrainingSettings training, LoraSettings lora, int steps, long seed)
            implements Serializable {

        /** How the run is called where it is watched. */
        String title() {
            return "pretrain " + training.optimizer().kind().label();
        }
    }

    @Override
    public TrainState call(AllReduce ranks) throws IOException {
        ModelFolder model = inputs.model();
        try (RankReporter reporter = new RankReporter(run.title(), ranks.rank());
                Parameters theta =
                        inputs.start(model, run.backend.open(Gpus.ofTask()), run.lora, new Seeds(run.seed))) {
            TrainingJob job = new TrainingJob(run.training, run.steps, run.seed, reporter, InstantSource.system());
            return job.pretrain(
                    model,
                    theta,
                    inputs.train(model),
                    inputs.heldOut(model),
                    ranks,
                    new HadoopStorage(output, inputs.hadoop().value()));
        }
    }

    /** The same work by parameter averaging, led by the driver. */
    TrainState average(AveragingSettings settings, JavaSparkContext spark) throws IOException {
        return new AveragedTraining(inputs, inputs.hadoop().value(), output, run.training, run.lora, run.seed)
                .run("pretrain", train -> run.steps, settings, spark);
    }
}
