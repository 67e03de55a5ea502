package org.dnallama.training;

import java.io.IOException;
import java.io.Serializable;
import java.time.InstantSource;
import org.apache.spark.api.java.JavaSparkContext;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.collective.AllReduce;
import org.dnallama.compute.Backends;
import org.dnallama.config.Seeds;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.spark.FinetuneInputs;
import org.dnallama.spark.Gpus;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.RankTask;
import org.dnallama.spark.monitor.RankReporter;
import org.dnallama.train.Examples;
import org.dnallama.train.InstructionExamples;
import org.dnallama.train.TrainState;
import org.dnallama.train.TrainingJob;
import org.dnallama.train.TrainingSettings;
import org.dnallama.training.averaging.AveragedTraining;
import org.dnallama.training.averaging.AveragingSettings;

/** One rank of fine-tuning, on an executor: loads rows and weights and calls the core. */
record FinetuneTask(FinetuneInputs inputs, String output, Run run) implements RankTask<TrainState> {

    /** How long and how. */
    record Run(Backends backend, TrainingSettings training, LoraSettings lora, int epochs, long seed)
            implements Serializable {

        /** Until each row was seen as often as there are epochs. */
        long steps(Examples train) {
            long rows = (long) epochs * train.size();
            return (rows + training.batchSize() - 1) / training.batchSize();
        }

        /** How the run is called where it is watched. */
        String title() {
            return "finetune " + training.optimizer().kind().label();
        }
    }

    @Override
    public TrainState call(AllReduce ranks) throws IOException {
        ModelFolder model = inputs.model();
        Examples train = inputs.train(model);
        Examples dev = inputs.heldOut(model);
        long steps = run.steps(train);
        try (RankReporter reporter = new RankReporter(run.title(), ranks.rank());
                Parameters theta =
                        inputs.start(model, run.backend.open(Gpus.ofTask()), run.lora, new Seeds(run.seed))) {
            TrainingJob job = new TrainingJob(run.training, steps, run.seed, reporter, InstantSource.system());
            Storage folder = new HadoopStorage(output, inputs.hadoop().value());
            return dev instanceof InstructionExamples questions
                    ? job.instruct(model, theta, train, questions, ranks, folder)
                    : job.finetune(model, theta, train, dev, ranks, folder);
        }
    }

    /** The same work by parameter averaging, led by the driver. */
    TrainState average(AveragingSettings settings, JavaSparkContext spark) throws IOException {
        return new AveragedTraining(inputs, inputs.hadoop().value(), output, run.training, run.lora, run.seed)
                .run("finetune", run::steps, settings, spark);
    }
}
