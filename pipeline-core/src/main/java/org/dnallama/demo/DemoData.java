package org.dnallama.demo;

import htsjdk.samtools.util.BlockCompressedOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;

/**
 * The demo's data, a function of the seed:
 *
 * <pre>
 * genome/demo1.fa      contig demo1, 1.2 Mb, plain FASTA
 * genome/demo2.fa.gz   contig demo2, 0.6 Mb, bgzipped FASTA
 * promoters/{train,dev,test}.csv   4000, 500 and 500 rows, columns sequence,label (1 = promoter)
 * </pre>
 *
 * In each CSV file half of the rows are promoters; no sequence occurs twice, in one file or in two.
 */
public final class DemoData {

    private static final int LINE_BASES = 60;

    private DemoData() {}

    private enum Split {
        TRAIN(4000),
        DEV(500),
        TEST(500);

        private final int rows;

        Split(int rows) {
            this.rows = rows;
        }

        private String fileName() {
            return name().toLowerCase(java.util.Locale.ROOT) + ".csv";
        }
    }

    @FunctionalInterface
    private interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes all files. Each appears whole or not at all, and one that has the right bytes already is left alone, so
     * that a second run changes nothing.
     *
     * @param folder made if it is missing
     * @param seeds what the data depend on
     * @throws IOException if a file cannot be written
     */
    public static void write(Path folder, Seeds seeds) throws IOException {
        Path genome = Files.createDirectories(folder.resolve("genome"));
        DemoGenome contigs = new DemoGenome(seeds);
        replace(genome.resolve("demo1.fa"), out -> fasta(out, "demo1", contigs.contig(1, 1_200_000)));
        replace(genome.resolve("demo2.fa.gz"), out -> {
            try (OutputStream blocks = new BlockCompressedOutputStream(out, (Path) null)) {
                fasta(blocks, "demo2", contigs.contig(2, 600_000));
            }
        });
        Path promoters = Files.createDirectories(folder.resolve("promoters"));
        Set<String> seen = new HashSet<>();
        for (Split split : Split.values()) {
            List<String> rows = rows(split, seeds.stream("demo-promoters", split.ordinal()), seen);
            replace(
                    promoters.resolve(split.fileName()),
                    out -> out.write(
                            ("sequence,label\n" + String.join("\n", rows) + "\n").getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private static List<String> rows(Split split, RandomGenerator random, Set<String> seen) {
        List<String> rows = new ArrayList<>();
        for (int promoters = 0, decoys = 0; promoters + decoys < split.rows; ) {
            boolean promoter = random.nextInt(split.rows - promoters - decoys) < split.rows / 2 - promoters;
            byte[] bases = promoter ? PromoterModel.promoter(random) : PromoterModel.decoy(random);
            String sequence = new String(bases, StandardCharsets.US_ASCII);
            if (seen.add(sequence)) {
                rows.add(sequence + (promoter ? ",1" : ",0"));
                promoters += promoter ? 1 : 0;
                decoys += promoter ? 0 : 1;
            }
        }
        return rows;
    }

    private static void fasta(OutputStream out, String name, byte[] bases) throws IOException {
        out.write((">" + name + "\n").getBytes(StandardCharsets.US_ASCII));
        for (int start = 0; start < bases.length; start += LINE_BASES) {
            out.write(bases, start, Math.min(LINE_BASES, bases.length - start));
            out.write('\n');
        }
    }

    private static void replace(Path file, Body body) throws IOException {
        Path partial = file.resolveSibling("." + file.getFileName() + ".incomplete");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial))) {
            body.writeTo(out);
        }
        if (Files.exists(file) && Files.mismatch(partial, file) < 0) {
            Files.delete(partial);
            return;
        }
        // An index made for other bytes would not fit the new ones.
        for (String index : List.of(".fai", ".gzi")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + index));
        }
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
