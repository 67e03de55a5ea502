package org.dnallama.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dnallama.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class PlanMainTest {

    @TempDir
    private Path folder;

    private static String run(String... args) {
        StringWriter out = new StringWriter();
        int code = new CommandLine(new PlanMain())
                .setOut(new PrintWriter(new BufferedWriter(out)))
                .setExecutionExceptionHandler((error, line, parsed) -> {
                    assertThat(error).isInstanceOf(ConfigException.class);
                    out.write(error.getMessage());
                    return 2;
                })
                .execute(args);
        return code + "\n" + out;
    }

    @Test
    void tableAndFiguresOfALargeModel() throws Exception {
        Path json = folder.resolve("plan.json");
        String text = run("--conf", "../conf/llama3-8b.conf", "--optimizer", "adamw,kt4", "--json", json.toString());
        assertThat(text)
                .startsWith("0\npretrain of 8,030,261,248 parameters, all trained: 32 layers, dim 4096")
                .containsPattern("each device +adamw +kt4\n")
                .containsPattern("weights +29\\.92 GiB +29\\.92 GiB\n")
                .containsPattern("all-reduced in a step +29\\.92 GiB +119\\.66 GiB\n");
        JsonNode figures = new ObjectMapper().readTree(json.toFile());
        assertThat(figures.path("parameters").longValue()).isEqualTo(8030261248L);
        assertThat(figures.path("kt4.kept.allReducedBytes").longValue()).isEqualTo(16 * 8030261248L);
        long sum = 0;
        for (Use use : Use.values()) {
            sum += figures.path("adamw.checkpointed." + use.key()).longValue();
        }
        assertThat(figures.path("adamw.checkpointed.trainingBytes").longValue()).isEqualTo(sum);
        assertThat(figures.path("adamw.checkpointed.activationsBytes").longValue())
                .isLessThan(figures.path("adamw.kept.activationsBytes").longValue() / 4);
    }

    @Test
    void everyOptimizerIsPlannedAndTheTokenizerGivesTheVocabulary() {
        assertThat(run("--conf", "../conf/demo.conf"))
                .startsWith("0\npretrain of ")
                .contains("vocabulary 260\n")
                .containsPattern("each device +adamw +kt4 +kt4-classic");
        assertThat(run("--conf", "../conf/demo.conf", "--set", "plan.job=finetune"))
                .startsWith("0\nfinetune of ");
    }

    @Test
    void aLearntVocabularyIsKnownAndAReadOneIsAskedFor() {
        String bpe = "ingest.tokenizer.kind=bpe";
        assertThat(run("--set", bpe, "--set", "ingest.tokenizer.vocabulary=777"))
                .contains("vocabulary 777\n");
        assertThat(run("--set", "ingest.tokenizer.kind=file"))
                .startsWith("2\n")
                .contains("plan.vocabularySize = 0: must be set, as ingest.tokenizer takes its tokens from a file");
        assertThat(run("--set", bpe, "--set", "ingest.tokenizer.extends=llama"))
                .startsWith("2\n")
                .contains("plan.vocabularySize = 0: must be set");
        assertThat(run("--set", "ingest.tokenizer.kind=file", "--set", "plan.vocabularySize=99"))
                .contains("vocabulary 99\n");
    }

    @Test
    void theShapeMayComeFromACheckpoint() throws Exception {
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "vocab_size": 9, "hidden_size": 8, "num_hidden_layers": 1,
                 "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 16,
                 "max_position_embeddings": 64, "tie_word_embeddings": true}
                """);
        // Embedding, two gains and the last one; q, k, v, o; gate, up, down.
        int parameters = 9 * 8 + 3 * 8 + 8 * (8 + 4 + 4 + 8) + 3 * 8 * 16;
        assertThat(run("--model", folder.toString()))
                .startsWith("0\npretrain of " + parameters + " parameters, all trained")
                .contains("rows of 64 tokens");
    }

    @Test
    void errorsAreReportedTogether() {
        assertThat(run("--optimizer", "adam,kt4", "--set", "model.heads=3", "--set", "plan.job=eat"))
                .startsWith("2\n")
                .contains("--optimizer: no optimizer adam; there are adamw, nadamw, kt4, kt4-split, kt4-classic")
                .contains("plan.job = eat: must be one of pretrain, finetune");
        assertThat(run("--set", "plan.tokens=1024"))
                .contains("plan.tokens = 1024: must be at most the model's context of 512");
    }

    @Test
    void theSmallestDeviceWithRoomIsNamed() {
        assertThat(PlanTable.device((long) (0.95 * 16 * 0x1p30))).isEqualTo("16 GiB");
        assertThat(PlanTable.device((long) (0.951 * 16 * 0x1p30))).isEqualTo("24 GiB");
        assertThat(PlanTable.device(1L << 50)).isEqualTo("none");
        assertThat(PlanTable.size(1 << 20)).isEqualTo("1.00 MiB");
        assertThat(PlanTable.size(1L << 40)).isEqualTo("1,024.00 GiB");
        assertThat(PlanTable.operations(1.5e6)).isEqualTo("1.50 MFLOP");
        assertThat(PlanTable.operations(48e9)).isEqualTo("48.00 GFLOP");
    }

    /**
     * KT4 sums four gradients where AdamW sums one; more ranks send more, never more than two gradients' bytes each.
     */
    @Test
    void simulatesManyRanks() throws Exception {
        Path json = folder.resolve("plan.json");
        String text = run(
                "--conf",
                "../conf/llama3-8b.conf",
                "--optimizer",
                "adamw,kt4",
                "--simulate",
                "--set",
                "plan.simulate.ranks=[8,1024]",
                "--set",
                "plan.simulate.networks=ethernet-100",
                "--json",
                json.toString());
        assertThat(text)
                .startsWith("0\n")
                .contains("Simulated, not measured. Assumed:")
                .contains("\nethernet-100: 20.0 us, 12.5 GB/s\n")
                .containsPattern("kt4 +1,024 ");
        JsonNode figures = new ObjectMapper().readTree(json.toFile());
        String adamW = "simulate.ethernet-100.adamw.";
        double gradient = 4.0 * 8030261248L;
        assertThat(figures.path(adamW + "8.sentBytes").doubleValue()).isEqualTo(1.75 * gradient);
        assertThat(figures.path("simulate.ethernet-100.kt4.8.sentBytes").doubleValue())
                .isEqualTo(7 * gradient);
        // 8 rows of 8192 tokens at 52.55 GFLOP a token and 9.75 TFLOP/s.
        assertThat(figures.path(adamW + "8.efficiency").doubleValue()
                        * figures.path(adamW + "8.stepSeconds").doubleValue())
                .isCloseTo(65536 * 52.55e9 / 9.75e12, within(0.1));
        assertThat(figures.path(adamW + "1024.lostPart").doubleValue())
                .isGreaterThan(5 * figures.path(adamW + "8.lostPart").doubleValue());
        assertThat(run(
                        "--simulate",
                        "--set",
                        "plan.simulate.ranks=[8,none]",
                        "--set",
                        "plan.simulate.networks=[token]"))
                .startsWith("2\n")
                .contains("plan.simulate.ranks has none: must be whole numbers from 1 to 9999999")
                .contains("plan.simulate.networks has token: must be of loopback, ethernet-10");
    }
}
