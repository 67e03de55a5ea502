package org.dnallama.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import htsjdk.samtools.util.BlockCompressedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command of the documentation, as it stands there. Those of the README and of the quick start run for real, one
 * after the other in one folder, on small data that take the place of the user's, and not for long. Of all others, and
 * of what needs a cluster, configurations and settings are read and checked, and the submission is printed. Benchmarks,
 * which take minutes, are printed alone.
 */
@Tag("cluster")
class DocumentedCommandsTest {

    private static final Path ROOT =
            Launcher.SCRIPT.resolveSibling("..").toAbsolutePath().normalize();
    private static final Pattern COMMAND = Pattern.compile("^[ $]*(?:deploy/)?(dna-llama [a-z-].*)$");
    private static final Pattern ASSIGNMENT = Pattern.compile("^ *([A-Z]+)=([^ .]\\S*)( +#.*)?$");
    private static final long LIMIT_SECONDS = 300;

    private static final List<String> RUN = List.of("README.md", "docs/quickstart.md");

    /**
     * Stands for the launcher: the same command, but small. What comes later wins, so this follows the page's words.
     */
    private static final String SMALL = """
            #!/usr/bin/env bash
            set -euo pipefail
            case " $* " in
                *' --cluster '* | *' --master '* | *' -- '* | *' --dry-run '*) exec %1$s --dry-run "$@" ;;
            esac
            case $1 in
                bench | demo) exec %1$s --dry-run "$@" ;;
            esac
            if [[ $RUN == no ]]; then
                [[ $1 == plan ]] || set -- "$@" --cluster yarn-cluster
                exec %1$s --dry-run "$@"
            fi
            case $1 in
                ingest | audit | evaluate | compare) set -- "$@" --overwrite ;;
                pretrain)
                    set -- "$@" --overwrite --set pretrain.steps=4 --set pretrain.validRows=16 \
                        --set pretrain.training.batchSize=8 --set pretrain.training.microBatch=4 \
                        --set pretrain.training.evaluateEvery=4
                    ;;
                finetune)
                    set -- "$@" --overwrite --set finetune.epochs=1 --set finetune.maxRows=64 --set finetune.maxDevRows=64 \
                        --set finetune.training.evaluateEvery=4
                    ;;
            esac
            if [[ $* == *conf/study-* ]]; then
                set -- "$@" --set 'compare.study.learningRates=[3e-3]' --set 'compare.study.seeds=[1]' \
                    --set compare.study.steps=2 --set compare.study.measurements=1
            fi
            exec %1$s "$@"
            """;

    @TempDir
    static Path folder;

    private final Map<String, String> variables = new HashMap<>();

    @BeforeAll
    static void makeWhatPagesTakeForGranted() throws Exception {
        Launcher.Outcome demo = new Launcher(folder, Map.of()).run("demo-data", "--output", "demo");
        assertThat(demo.code()).as(demo.err()).isZero();
        Path launcher = Files.createDirectories(folder.resolve("bin")).resolve("dna-llama");
        Files.writeString(launcher, SMALL.formatted(Launcher.SCRIPT));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(folder.resolve("conf"), ROOT.resolve("conf"));

        promoters(folder.resolve("promoters"));
        for (String task : List.of("prom_core_tata", "prom_core_notata", "prom_core_all")) {
            promoters(folder.resolve("data/gue/prom").resolve(task));
        }
        Path genomes = Files.createDirectories(folder.resolve("data/genome"));
        List<String> bases = Files.readAllLines(folder.resolve("demo/genome/demo1.fa"));
        bgzip(folder.resolve("genome.fa.gz"), ">chr1", bases.subList(1, 3000));
        bgzip(genomes.resolve("chr2_1-2333275.fa.gz"), ">chr2", bases.subList(3000, 6000));
        List<String> other = new ArrayList<>(List.of(">chr20"));
        other.addAll(bases.subList(6000, 7000));
        Files.write(genomes.resolve("Homo_sapiens_assembly18.trimmed.fasta"), other);

        Files.writeString(folder.resolve("genome.conf"), "ingest { fasta = genome.fa.gz, output = runs/own/shards }\n");
        Files.writeString(folder.resolve("my.conf"), """
                ingest { fasta = genome.fa.gz, output = runs/own/shards, window = 128, stride = 128 }
                model { dim = 16, layers = 1, heads = 2, kvHeads = 1, hiddenDim = 32, contextLength = 130 }
                pretrain { shards = runs/shards, output = runs/own/model }
                finetune { data = promoters, from = runs/own/model, output = runs/own/classifier }
                evaluate { model = runs/classifier, data = promoters/test.csv, output = runs/own/evaluation }
                """);
    }

    private static void promoters(Path to) throws IOException {
        Files.createDirectories(to);
        for (String split : List.of("train.csv", "dev.csv", "test.csv")) {
            List<String> rows =
                    Files.readAllLines(folder.resolve("demo/promoters").resolve(split));
            Files.write(to.resolve(split), rows.subList(0, 129));
        }
    }

    private static void bgzip(Path to, String header, List<String> lines) throws IOException {
        try (OutputStream out = new BlockCompressedOutputStream(to.toFile())) {
            out.write((header + "\n" + String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    @TestFactory
    Stream<DynamicTest> runs() throws IOException {
        List<String> pages = new ArrayList<>(RUN);
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            files.map(file -> ROOT.relativize(file).toString())
                    .filter(file -> file.endsWith(".md") && !RUN.contains(file))
                    .sorted()
                    .forEach(pages::add);
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (String page : pages) {
            String text = Files.readString(ROOT.resolve(page)).replaceAll("\\\\\n\\s*", "");
            for (String line : text.lines().toList()) {
                Matcher command = COMMAND.matcher(line);
                Matcher assignment = ASSIGNMENT.matcher(line);
                if (command.matches()) {
                    tests.add(
                            DynamicTest.dynamicTest(page + ": " + command.group(1), () -> run(page, command.group(1))));
                } else if (assignment.matches()) {
                    tests.add(DynamicTest.dynamicTest(
                            page + ": " + line.strip(), () -> variables.put(assignment.group(1), assignment.group(2))));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(80);
        return tests.stream();
    }

    private void run(String page, String command) throws Exception {
        Path log = folder.resolve("log.txt");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(variables);
        builder.environment().put("RUN", RUN.contains(page) ? "yes" : "no");
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("DNALLAMA_DATA", folder.resolve("data").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("SPARK_HOME");
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        assertThat(ended).as(Files.readString(log)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }
}
