package org.dnallama.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import htsjdk.samtools.util.BlockCompressedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDataTest {

    private static final List<String> FILES = List.of(
            "genome/demo1.fa", "genome/demo2.fa.gz", "promoters/train.csv", "promoters/dev.csv", "promoters/test.csv");

    @TempDir
    static Path folder;

    @BeforeAll
    static void make() throws IOException {
        DemoData.write(folder, new Seeds(42));
    }

    @Test
    void sameSeedGivesTheSameBytes(@TempDir Path again, @TempDir Path other) throws IOException {
        DemoData.write(again, new Seeds(42));
        DemoData.write(other, new Seeds(43));
        for (String file : FILES) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(folder.resolve(file));
            assertThat(Files.mismatch(other.resolve(file), folder.resolve(file)))
                    .isNotNegative();
        }
    }

    @Test
    void secondRunLeavesTheSameFilesAloneAndReplacesOthers(@TempDir Path copy) throws IOException {
        DemoData.write(copy, new Seeds(42));
        Path kept = copy.resolve("genome/demo1.fa");
        Path changed = copy.resolve("genome/demo2.fa.gz");
        Path staleIndex = copy.resolve("genome/demo2.fa.gz.gzi");
        Files.setLastModifiedTime(kept, FileTime.fromMillis(1000));
        Files.writeString(changed, "other bytes");
        Files.writeString(staleIndex, "an index of the other bytes");

        DemoData.write(copy, new Seeds(42));

        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(FileTime.fromMillis(1000));
        assertThat(changed).hasSameBinaryContentAs(folder.resolve("genome/demo2.fa.gz"));
        assertThat(staleIndex).doesNotExist();
        try (var files = Files.walk(copy)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> copy.relativize(file).toString()))
                    .containsExactlyInAnyOrderElementsOf(FILES);
        }
    }

    @Test
    void contigsHaveTheirLengthsGapsAndLowerCase() throws IOException {
        String plain = bases(Files.readString(folder.resolve("genome/demo1.fa")), "demo1");
        String zipped = bases(unzip(folder.resolve("genome/demo2.fa.gz")), "demo2");
        assertThat(plain).hasSize(1_200_000).matches("[ACGTacgtN]+");
        assertThat(zipped).hasSize(600_000).matches("[ACGTacgtN]+");
        for (String contig : List.of(plain, zipped)) {
            assertThat(contig).startsWith("N".repeat(10_000));
            // The first gap and the 5,000 one, less what may overlap.
            assertThat(count(contig, "N")).isBetween(14_000L, 15_058L);
            double lower = (double) count(contig, "acgt") / contig.length();
            // 300 bases of repeat in about 2,800 and 90 of low complexity in about 5,090.
            assertThat(lower).isBetween(0.08, 0.16);
        }
    }

    @Test
    void gcContentChangesAlongTheContig() throws IOException {
        String contig = bases(Files.readString(folder.resolve("genome/demo1.fa")), "demo1");
        List<Double> gc = new ArrayList<>();
        for (int start = 0; start < contig.length(); start += 60_000) {
            String part = contig.substring(start, start + 60_000);
            gc.add((double) count(part, "CG") / count(part, "ACGT"));
        }
        double least = gc.stream().min(Double::compare).orElseThrow();
        double most = gc.stream().max(Double::compare).orElseThrow();
        // The sampling error of one part is 0.002.
        assertThat(most - least).isGreaterThan(0.1);
    }

    @Test
    void splitsAreDisjointBalancedAndWellFormed() throws IOException {
        Set<String> seen = new HashSet<>();
        int rows = 0;
        for (String split : List.of("train", "dev", "test")) {
            List<String> lines = Files.readAllLines(folder.resolve("promoters/" + split + ".csv"));
            assertThat(lines.get(0)).isEqualTo("sequence,label");
            List<String> body = lines.subList(1, lines.size());
            assertThat(body)
                    .hasSize(split.equals("train") ? 4000 : 500)
                    .allMatch(row -> row.matches("[ACGT]{70},[01]"));
            assertThat(body.stream().filter(row -> row.endsWith(",1"))).hasSize(body.size() / 2);
            body.forEach(row -> seen.add(row.substring(0, 70)));
            rows += body.size();
        }
        assertThat(seen).hasSize(rows);
    }

    @Test
    void compositionTellsNothingAndPositionsTellMuchButNotAll() throws IOException {
        List<String> train = rows("train");
        List<String> test = rows("test");
        // The share of each base is the same in both classes up to a sampling error of 0.49 / sqrt(2000 x 70) = 0.0013.
        for (String base : List.of("A", "C", "G", "T")) {
            assertThat(share(train, base, ",1")).isCloseTo(share(train, base, ",0"), within(0.006));
        }
        // Naive Bayes over (position, dinucleotide): the motifs are there, and so is their noise.
        double accuracy = naiveBayesAccuracy(train, test);
        assertThat(accuracy).isBetween(0.8, 0.97);
    }

    private static double naiveBayesAccuracy(List<String> train, List<String> test) {
        double[][][] counts = new double[2][PromoterModel.LENGTH][16];
        for (double[][] byLabel : counts) {
            for (double[] byPosition : byLabel) {
                java.util.Arrays.fill(byPosition, 1);
            }
        }
        for (String row : train) {
            for (int i = 1; i < PromoterModel.LENGTH; i++) {
                counts[row.charAt(71) - '0'][i][pair(row, i)]++;
            }
        }
        int right = 0;
        for (String row : test) {
            double score = 0;
            for (int i = 1; i < PromoterModel.LENGTH; i++) {
                score += Math.log(counts[1][i][pair(row, i)] / counts[0][i][pair(row, i)]);
            }
            right += (score > 0) == row.endsWith(",1") ? 1 : 0;
        }
        return (double) right / test.size();
    }

    private static int pair(String row, int position) {
        return 4 * "ACGT".indexOf(row.charAt(position - 1)) + "ACGT".indexOf(row.charAt(position));
    }

    private static double share(List<String> rows, String base, String label) {
        List<String> chosen = rows.stream().filter(row -> row.endsWith(label)).toList();
        return (double) chosen.stream().mapToLong(row -> count(row, base)).sum()
                / ((double) chosen.size() * PromoterModel.LENGTH);
    }

    private static List<String> rows(String split) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("promoters/" + split + ".csv"));
        return lines.subList(1, lines.size());
    }

    private static long count(String text, String letters) {
        return text.chars().filter(letter -> letters.indexOf(letter) >= 0).count();
    }

    private static String unzip(Path file) throws IOException {
        try (InputStream in = new BlockCompressedInputStream(file.toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String bases(String fasta, String name) {
        assertThat(fasta).startsWith(">" + name + "\n");
        return fasta.substring(fasta.indexOf('\n') + 1).replace("\n", "");
    }
}
