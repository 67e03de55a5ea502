package org.dnallama.training.preflight;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.model.Batch;
import org.dnallama.model.LoraSettings;
import org.dnallama.plan.Plan;
import org.dnallama.plan.Rehearsal;
import org.dnallama.spark.TrainingInputs;
import org.dnallama.train.TrainingSettings;

/**
 * Looks at all that training needs before anything is held: room for the ranks, memory, disks, machines, data.
 *
 * @param inputs what is trained on
 * @param shards the folder of shards that it comes from, if it does
 * @param output where the checkpoint goes
 * @param training how
 * @param lora adapters
 * @param meetingRanks ranks that must run at the same time
 */
public record Preflight(
        TrainingInputs inputs,
        Optional<String> shards,
        String output,
        TrainingSettings training,
        LoraSettings lora,
        int meetingRanks) {

    /**
     * Looks.
     *
     * @param spark the session that training would use; a short job looks at its executors
     * @throws IOException if a file system fails
     * @throws ConfigException with all findings, if one is about settings or machines
     * @throws InputException with all findings, if all are about data
     */
    public void check(SparkSession spark) throws IOException {
        Findings findings = new Findings();
        SparkConf conf = spark.sparkContext().getConf();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        ClusterSettings.look(conf, meetingRanks, findings);
        List<Host> executors = executors(spark);
        Machines.libraries(executors, findings);
        if (conf.contains(ClusterSettings.EXECUTOR_GPUS)
                && !spark.sparkContext().isLocal()) {
            Machines.gpus(executors, conf.getInt(ClusterSettings.EXECUTOR_GPUS, 0), findings);
        }
        if (meetingRanks > 1) {
            Machines.network(executors, findings);
            if (conf.contains(ClusterSettings.TASK_GPUS)) {
                Machines.sharedMemory(executors, findings);
            }
        }
        if (shards.isPresent()) {
            ShardFiles.look(shards.get(), hadoop, findings);
        }
        Optional<Plan> plan = plan(findings);
        if (plan.isPresent()) {
            int together = Slots.read(conf).perExecutor().orElse(1);
            new Memory(plan.get(), Math.min(meetingRanks, together)).look(conf, executors, findings);
            Path place = new Path(output);
            Disk.look(place, place.getFileSystem(hadoop), plan.get(), findings);
        }
        findings.check();
    }

    private List<Host> executors(SparkSession spark) {
        String driver = spark.sparkContext().getConf().get("spark.driver.host");
        if (spark.sparkContext().isLocal()) {
            return List.of(Host.here("driver", driver));
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        context.setJobDescription("pre-flight: look at the executors");
        List<Integer> tasks = IntStream.range(0, meetingRanks).boxed().toList();
        List<Host> seen = context.parallelize(tasks, meetingRanks)
                .map(task -> Host.here(
                        SparkEnv.get().executorId(),
                        SparkEnv.get().blockManager().blockManagerId().host()))
                .collect();
        return seen.stream()
                .collect(Collectors.toMap(Host::executor, host -> host, (one, same) -> one))
                .values()
                .stream()
                .sorted(Comparator.comparing(Host::executor))
                .toList();
    }

    /** What a rank needs for rows as long as the held-out ones, which are few enough to be read here. */
    private Optional<Plan> plan(Findings findings) throws IOException {
        try {
            ModelFolder model = inputs.model();
            int tokens = inputs.heldOut(model).inOrder(training.microBatch()).stream()
                    .mapToInt(Batch::sequenceLength)
                    .max()
                    .orElse(model.config().contextLength());
            Rehearsal rehearsal = new Rehearsal(model.config(), model.head(), training, lora, tokens);
            return Optional.of(rehearsal.plan(training.optimizer(), training.activations()));
        } catch (InputException e) {
            findings.data(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
