package org.dnallama.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.checkpoint.Dtype;
import org.dnallama.checkpoint.ModelExport;
import org.dnallama.checkpoint.Storage;
import org.dnallama.checkpoint.WeightFormat;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Settings;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Provenance;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A checkpoint to a folder that other programs load. */
@Command(
        name = "export",
        description = "Writes a checkpoint as a Hugging Face folder in another number type, in one file or in shards.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  dna-llama export --checkpoint demo-output/pretrained --out demo-bf16 --dtype bf16",
            "  dna-llama export --checkpoint model --out model-f16 --dtype f16 --shard-size 2GB",
            "  dna-llama export --checkpoint model --adapter my-lora --out merged",
            "  dna-llama export --conf my.conf --set export.dtype=f32",
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input (also a weight too large for f16), 70 a bug."
        })
final class ExportCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options = new JobOptions();

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description = "The checkpoint, ours or Hugging Face's; sets export.checkpoint.")
    private @Nullable String checkpoint;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "PEFT's folder, or a checkpoint with adapter/, to be merged into it; sets export.adapter.")
    private @Nullable String adapter;

    @Option(names = "--out", paramLabel = "DIR", description = "The new folder; sets export.output.")
    private @Nullable String out;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "How a weight is stored: f32, f16 or bf16; sets export.dtype.")
    private @Nullable String dtype;

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            description = "Most bytes of weights in one file, such as 5GB; sets export.shardSize.")
    private @Nullable String shardSize;

    @Override
    public Integer call() throws Exception {
        Settings settings = options.settings(given());
        String from = settings.text("export.checkpoint");
        Optional<String> lora = settings.optionalText("export.adapter");
        String to = settings.text("export.output");
        WeightFormat format =
                new WeightFormat(settings.choice("export.dtype", Dtype.class), settings.bytes("export.shardSize"));
        settings.check();
        Configuration hadoop = new Configuration();
        Provenance provenance = new Provenance("export", hadoop).input(from, "correct --checkpoint");
        if (lora.isPresent()) {
            provenance.input(lora.get(), "correct --adapter");
        }
        ObjectNode manifest = provenance.manifest(settings.effective("export"));
        Optional<Artefact> artefact = Artefact.open(to, manifest.toString(), options.existing(), hadoop);
        if (artefact.isEmpty()) {
            System.out.println(to + " is finished already, from the same inputs and settings: nothing to do");
            return Commands.DONE;
        }
        Storage base = new HadoopStorage(from, hadoop);
        Storage folder = new HadoopStorage(artefact.get().folder().toString(), hadoop);
        long parameters = lora.isEmpty()
                ? ModelExport.write(base, folder, format)
                : ModelExport.merge(base, new HadoopStorage(lora.get(), hadoop), folder, new VectorBackend(), format);
        artefact.get().publish(manifest.put("parameters", parameters));
        System.out.printf(
                "exported %s: %d parameters in %s%n",
                to, parameters, format.dtype().torchName());
        return Commands.DONE;
    }

    private Map<String, String> given() {
        Map<String, String> given = new HashMap<>();
        note(given, "export.checkpoint", checkpoint);
        note(given, "export.adapter", adapter);
        note(given, "export.output", out);
        note(given, "export.dtype", dtype);
        note(given, "export.shardSize", shardSize);
        return given;
    }

    private static void note(Map<String, String> given, String key, @Nullable String value) {
        if (value != null) {
            given.put(key, value);
        }
    }
}
