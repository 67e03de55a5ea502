package org.dnallama.plan;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.config.Settings;
import org.dnallama.model.ActivationMemory;
import org.dnallama.model.LlamaConfig;
import org.dnallama.optim.OptimizerSettings.Kind;
import org.dnallama.spark.Commands;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.SettingsOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what a configuration needs before it is run. */
@Command(
        name = "dna-llama plan",
        mixinStandardHelpOptions = true,
        description = {
            "Tells what training needs of each device: memory by use, bytes that devices exchange, arithmetic.",
            "It rehearses one step of the training code itself, with neither memory nor arithmetic, so that any size"
                    + " can be planned anywhere. What the Java runtime, Spark and the data take comes on top."
        },
        footer = {
            "",
            "Keys that matter: plan.* (which job, tokens in a row, vocabulary), model.*, JOB.training.*, JOB.lora.*",
            "Keys of the JSON file: parameters, trained, and for each OPTIMIZER and ACTIVATIONS (kept, checkpointed)",
            "  OPTIMIZER.ACTIVATIONS.{weights,best,gradients,optimizer,activations,logits,training,loading}Bytes",
            "  OPTIMIZER.ACTIVATIONS.{allReducedBytes,forwardFlopPerToken,stepFlopPerToken}",
            "and with --simulate, for each NETWORK, OPTIMIZER and number of RANKS: simulate.NETWORK.OPTIMIZER.RANKS.",
            "  {stepSeconds,efficiency,sentBytes,checkpointIntervalSeconds,lostPart,tokensPerSecond}",
            "",
            "Examples:",
            "  dna-llama plan --conf conf/demo.conf",
            "  dna-llama plan --conf conf/llama3-8b.conf --optimizer adamw,kt4",
            "  dna-llama plan --conf conf/llama3-70b.conf --set pretrain.lora.rank=16 --set pretrain.from=BASE \\",
            "                 --set pretrain.lora.frozen=bfloat16",
            "  dna-llama plan --conf conf/promoter-core-tata.conf --set plan.job=finetune --json plan.json",
            "  dna-llama plan --model checkpoint --set plan.tokens=512",
            "  dna-llama plan --conf conf/llama3-8b.conf --simulate --set plan.simulate.ranks=[8,64,1024]",
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input, 70 a bug."
        })
public final class PlanMain implements Callable<Integer> {

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Folder with a config.json, whose shape is planned in place of the section model's.")
    private @Nullable String model;

    @Option(
            names = "--optimizer",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "adamw,kt4,kt4-classic",
            description =
                    "Optimizers to plan for, joined by commas (default: ${DEFAULT-VALUE}); nadamw needs what adamw does.")
    private List<String> optimizers = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures there, as one flat object.")
    private @Nullable Path json;

    @Option(
            names = "--simulate",
            description = "Also simulates the run on many ranks: step time, efficiency, bytes, checkpoints, losses.")
    private boolean simulate;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    PlanMain() {}

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param args its options
     */
    public static void main(String[] args) {
        System.exit(Commands.run(new PlanMain(), args));
    }

    @Override
    public Integer call() throws IOException {
        Settings configuration = options.read();
        PlanSettings settings = PlanSettings.read(configuration, optimizers, stored());
        Rehearsal rehearsal = settings.rehearsal();
        List<PlanTable.Column> columns = settings.optimizers().stream()
                .map(optimizer -> new PlanTable.Column(
                        optimizer.kind().label(),
                        rehearsal.plan(optimizer, ActivationMemory.KEPT),
                        rehearsal.plan(optimizer, ActivationMemory.CHECKPOINTED)))
                .toList();
        PrintWriter out = command.commandLine().getOut();
        out.print(PlanTable.text(settings, columns));
        ObjectNode figures = figures(columns);
        if (simulate) {
            Simulation simulation = simulation(SimulationSettings.read(configuration), settings, columns);
            out.print(simulation.text());
            simulation.putInto(figures);
        }
        out.flush();
        if (json != null) {
            Files.writeString(
                    json,
                    JsonMapper.builder()
                                    .build()
                                    .writerWithDefaultPrettyPrinter()
                                    .writeValueAsString(figures)
                            + "\n");
        }
        return Commands.DONE;
    }

    private Optional<LlamaConfig> stored() throws IOException {
        return model == null ? Optional.empty() : Optional.of(ModelFolder.shape(new HadoopStorage(model)));
    }

    /** Activations are those that the job's settings keep. */
    private static Simulation simulation(
            SimulationSettings cluster, PlanSettings settings, List<PlanTable.Column> columns) {
        Rehearsal rehearsal = settings.rehearsal();
        long tokens = (long) rehearsal.training().batchSize() * rehearsal.tokens();
        List<Workload> workloads = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Kind kind = settings.optimizers().get(i).kind();
            Plan plan = columns.get(i).plan(rehearsal.training().activations());
            workloads.add(Workload.of(kind, plan, tokens, cluster.usedFlopPerSecond()));
        }
        return new Simulation(cluster, workloads);
    }

    private static ObjectNode figures(List<PlanTable.Column> columns) {
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        Plan any = columns.get(0).kept();
        figures.put("parameters", any.parameters()).put("trained", any.trained());
        for (PlanTable.Column column : columns) {
            for (ActivationMemory memory : ActivationMemory.ofTraining()) {
                String prefix = column.optimizer() + "." + memory.name().toLowerCase(Locale.ROOT) + ".";
                put(figures, prefix, column.plan(memory));
            }
        }
        return figures;
    }

    private static void put(ObjectNode figures, String prefix, Plan plan) {
        for (Use use : Use.values()) {
            figures.put(prefix + use.key(), plan.bytes(use));
        }
        figures.put(prefix + "trainingBytes", plan.trainingBytes())
                .put(prefix + "loadingBytes", plan.loadingBytes())
                .put(prefix + "allReducedBytes", plan.allReducedBytes())
                .put(prefix + "forwardFlopPerToken", plan.forwardOperations())
                .put(prefix + "stepFlopPerToken", plan.stepOperations());
    }
}
