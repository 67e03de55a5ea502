package org.dnallama.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Serializable;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.collective.SingleRank;
import org.dnallama.compute.Backends;
import org.dnallama.config.Seeds;
import org.dnallama.config.TrainingException;
import org.dnallama.model.Head;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.TrainingInputs;
import org.dnallama.train.TrainingJob;
import org.dnallama.train.TrainingListener;
import org.dnallama.train.TrainingSettings;

/**
 * One run of a study, on an executor. It leaves a folder with its log, or does nothing where that is finished already.
 * A run that diverges is a result too.
 *
 * @param inputs rows and weights
 * @param setting how and where
 * @param hadoop file system settings
 */
record StudyTask(TrainingInputs inputs, Setting setting, SerializableConfiguration hadoop)
        implements VoidFunction<StudyTask.Run> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> KEPT = Set.of("metrics.jsonl", "_fingerprint");
    private static final int WARM_UP_STEPS = 20;
    private static final AtomicBoolean WARM = new AtomicBoolean();

    /**
     * What all runs share.
     *
     * @param folder where they are kept
     * @param manifest what they are made from, as JSON
     * @param existing what to do with a run that was made from something else
     * @param backend what to compute on
     * @param lora adapters, or none
     */
    record Setting(String folder, String manifest, JobOptions.Existing existing, Backends backend, LoraSettings lora)
            implements Serializable {}

    /**
     * What one run does.
     *
     * @param name of its folder
     * @param training how
     * @param steps how long
     * @param seed of weights, order of rows and dropout
     */
    record Run(String name, TrainingSettings training, long steps, long seed) implements Serializable {}

    @Override
    public void call(Run run) throws IOException {
        Configuration conf = hadoop.value();
        ObjectNode manifest = (ObjectNode) JSON.readTree(setting.manifest);
        manifest.put("training", run.training.toString())
                .put("lora", setting.lora.toString())
                .put("steps", run.steps)
                .put("seed", run.seed);
        Optional<Artefact> artefact =
                Artefact.open(setting.folder + "/" + run.name, manifest.toString(), setting.existing, conf);
        if (artefact.isEmpty()) {
            return;
        }
        Storage output = new HadoopStorage(artefact.get().folder().toString(), conf);
        try {
            warmUp(run, output);
            train(run, run.steps, output);
        } catch (TrainingException e) {
            manifest.put("failure", e.getMessage());
            artefact.get().write("metrics.jsonl", "");
        }
        for (String name : output.list(".")) {
            if (!KEPT.contains(name)) {
                output.delete(name);
            }
        }
        artefact.get().publish(manifest);
    }

    // Java compiles what runs often: without this, the first run of a process would seem slower than the others.
    private void warmUp(Run run, Storage output) throws IOException {
        if (WARM.compareAndSet(false, true)) {
            train(
                    run,
                    Math.min(run.steps, WARM_UP_STEPS),
                    new HadoopStorage(output.describe() + "/warm-up", hadoop.value()));
        }
    }

    private void train(Run run, long steps, Storage output) throws IOException {
        ModelFolder model = inputs.model();
        try (Parameters theta = inputs.start(model, setting.backend.open(), setting.lora, new Seeds(run.seed))) {
            TrainingJob job =
                    new TrainingJob(run.training, steps, run.seed, TrainingListener.NONE, InstantSource.system());
            if (model.head() == Head.CLASSIFIER) {
                job.finetune(model, theta, inputs.train(model), inputs.heldOut(model), new SingleRank(), output);
            } else {
                job.pretrain(model, theta, inputs.train(model), inputs.heldOut(model), new SingleRank(), output);
            }
        }
    }
}
