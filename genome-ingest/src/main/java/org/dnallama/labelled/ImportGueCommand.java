package org.dnallama.labelled;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.config.InputException;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.shard.ShardManifest;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Sessions;
import org.dnallama.spark.Stages;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.Tokenizers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Labelled CSV or instruction JSON to shards. */
@Command(
        name = "import-gue",
        mixinStandardHelpOptions = true,
        description = {
            "Turns labelled sequences into shards (Parquet) with labels and a manifest. A data set is a folder with"
                    + " train, dev and test, each as .csv (columns sequence,label) or as .json or .jsonl (objects with"
                    + " instruction, input and output); importGue.data names one, or a folder of them."
        },
        footer = {
            "",
            "Examples:",
            "  dna-llama import-gue --set importGue.data=GUE/prom/prom_core_tata --set importGue.output=labelled",
            "  dna-llama import-gue --set importGue.data=GUE/prom --set importGue.output=labelled \\",
            "                       --set importGue.tokenizer.file=pretrained/tokenizer.json",
            "  dna-llama import-gue --set importGue.data=instructions --set importGue.output=labelled \\",
            "                       --set 'importGue.classes=[Non-promoter, promoter]'",
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input, 70 a bug."
        })
public final class ImportGueCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options = new JobOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        long started = System.nanoTime();
        ImportSettings settings = ImportSettings.of(options.settings());
        PrintWriter out = command.commandLine().getOut();
        try (SparkSession spark = Sessions.open("import-gue")) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            List<LabelledFile> files = LabelledFile.find(settings.data(), hadoop);
            List<ShardManifest.Input> inputs = inputs(files, hadoop);
            Tokenizer tokenizer = tokenizer(settings, hadoop);
            String identity = "import-gue\n" + settings.effective() + "\n" + tokenizer.toJson() + "\n"
                    + inputs.stream().map(ShardManifest.Input::sha256).collect(Collectors.joining("\n"));
            Optional<Artefact> artefact = Artefact.open(settings.output(), identity, options.existing(), hadoop);
            if (artefact.isEmpty()) {
                out.println(settings.output()
                        + ": is complete already, made from the same inputs and settings; nothing to do");
                out.flush();
                return Commands.DONE;
            }
            ImportManifest manifest = write(spark, artefact.get(), settings, files, inputs, tokenizer);
            out.print(manifest.toTable((System.nanoTime() - started) / 1e9));
            out.flush();
        }
        return Commands.DONE;
    }

    private static ImportManifest write(
            SparkSession spark,
            Artefact artefact,
            ImportSettings settings,
            List<LabelledFile> files,
            List<ShardManifest.Input> inputs,
            Tokenizer tokenizer)
            throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        Broadcast<ImportTask> task = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(new ImportTask(
                        settings.labels(), tokenizer, settings.seed(), new SerializableConfiguration(hadoop)));
        Map<String, Map<LabelledSplit, FileCount>> counts = check(spark, files, task);
        long rows = counts.values().stream()
                .flatMap(splits -> splits.values().stream())
                .mapToLong(FileCount::rows)
                .sum();
        new LabelledShardWriter(spark, artefact, settings.shards()).write(files, task, rows);
        artefact.write("tokenizer.json", tokenizer.toJson());
        String sha256 = Artefact.sha256(new Path(artefact.folder(), "tokenizer.json").toString(), hadoop);
        ImportManifest manifest = new ImportManifest(
                inputs, settings, new ShardManifest.TokenizerMark(sha256, tokenizer.vocabularySize()), counts);
        artefact.publish(manifest.toJson());
        return manifest;
    }

    /** Reads every file before anything is written, and counts. */
    private static Map<String, Map<LabelledSplit, FileCount>> check(
            SparkSession spark, List<LabelledFile> files, Broadcast<ImportTask> task) {
        Stages.begin(spark.sparkContext(), "Check " + files.size() + " labelled files");
        List<ImportTask.CheckedFile> checked = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(files, files.size())
                .map(file -> task.value().check(file))
                .collect();
        String errors = checked.stream()
                .map(ImportTask.CheckedFile::error)
                .filter(error -> !error.isEmpty())
                .collect(Collectors.joining("\n"));
        if (!errors.isEmpty()) {
            throw new InputException(errors);
        }
        Map<String, Map<LabelledSplit, FileCount>> counts = new LinkedHashMap<>();
        for (int i = 0; i < checked.size(); i++) {
            LabelledFile file = files.get(i);
            counts.computeIfAbsent(file.task(), name -> new TreeMap<>())
                    .put(file.split(), checked.get(i).count());
        }
        return counts;
    }

    private static Tokenizer tokenizer(ImportSettings settings, Configuration hadoop) {
        if (settings.tokenizerFile().isEmpty()) {
            return settings.tokenizer().build();
        }
        Path file = new Path(settings.tokenizerFile().get());
        try (InputStream in = file.getFileSystem(hadoop).open(file)) {
            return Tokenizers.readFile(file.toString(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new InputException(
                    file + ": cannot be read: " + e.getMessage() + "; correct importGue.tokenizer.file", e);
        }
    }

    private static List<ShardManifest.Input> inputs(List<LabelledFile> files, Configuration hadoop) throws IOException {
        List<ShardManifest.Input> inputs = new ArrayList<>();
        for (LabelledFile file : files) {
            Path path = new Path(file.path());
            inputs.add(new ShardManifest.Input(
                    file.path(),
                    Artefact.sha256(file.path(), hadoop),
                    path.getFileSystem(hadoop).getFileStatus(path).getLen()));
        }
        return inputs;
    }
}
