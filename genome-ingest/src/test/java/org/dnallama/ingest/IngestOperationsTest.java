package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens around the rows: the same bytes again, crashes, full disks, verification, names in Spark's UI. */
class IngestOperationsTest {

    private static final long PLENTY = 1L << 40;

    @TempDir
    Path folder;

    private Path fasta = Path.of("");

    @BeforeEach
    void makeGenome() throws IOException {
        fasta = Job.plain(folder.resolve("a.fa"), Job.contig("a", 50_000, 1) + Job.contig("b", 20_000, 2));
        System.setProperty("spark.hadoop.fs.full.impl", FullFileSystem.class.getName());
        System.setProperty("spark.hadoop.fs.s3a.impl", StoreFileSystem.class.getName());
        FullFileSystem.SPACE.set(PLENTY);
        FullFileSystem.CREATED.clear();
    }

    @AfterEach
    void forgetFileSystem() {
        System.clearProperty("spark.hadoop.fs.full.impl");
        System.clearProperty("spark.hadoop.fs.s3a.impl");
    }

    private Job.Outcome ingest(String master, String output, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "ingest.fasta=\"" + fasta + "\"",
                "ingest.output=" + output,
                "ingest.window=100",
                "ingest.stride=100",
                "ingest.rangeBases=7000",
                "ingest.split.regionBases=1000",
                "ingest.split.validFraction=0.3"));
        arguments.addAll(List.of(settings));
        return Job.run(master, arguments.toArray(String[]::new));
    }

    private String quoted(String name) {
        return "\"" + folder.resolve(name) + "\"";
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void manifestsAreEqualInEveryByteForAnyNumberOfExecutors() throws Exception {
        Job.Outcome first = ingest("local[1]", quoted("shards"));
        assertThat(first.exitCode()).as(first.err()).isZero();
        String manifest = Files.readString(folder.resolve("shards/manifest.json"));
        delete(folder.resolve("shards"));
        assertThat(ingest("local[3]", quoted("shards")).exitCode()).isZero();
        assertThat(folder.resolve("shards/manifest.json")).hasContent(manifest);
        assertThat(manifest).contains("\"sha256\"", "\"checksums\" : \"sha256 of each file as it is stored\"");
    }

    @Test
    void aFullDiskLeavesNothingUnderTheNameAndTheNextRunGoesOn() throws Exception {
        String clean = "full://" + folder.resolve("clean");
        assertThat(ingest("local[1]", clean).exitCode()).isZero();
        long files = FullFileSystem.CREATED.stream()
                .filter(name -> name.contains(".parquet"))
                .count();
        assertThat(files).isEqualTo(8);
        String output = "full://" + folder.resolve("shards");
        // About half of the 8 files fit.
        FullFileSystem.SPACE.set((PLENTY - FullFileSystem.SPACE.get()) / 2);
        Job.Outcome full = ingest("local[1]", output);
        assertThat(full.exitCode()).as(full.err()).isEqualTo(3);
        assertThat(full.err())
                .contains("cannot be written: No space left on device", "run again: finished files are kept");
        assertThat(folder.resolve("shards")).doesNotExist();

        FullFileSystem.SPACE.set(PLENTY);
        FullFileSystem.CREATED.clear();
        Job.Outcome again = ingest("local[1]", output);
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(FullFileSystem.CREATED.stream().filter(name -> name.contains(".parquet")))
                .as("files written anew")
                .hasSizeBetween(1, 7);
        Shards shards = new Shards(folder.resolve("shards"));
        assertThat(shards.manifest().path("shards"))
                .isEqualTo(new Shards(folder.resolve("clean")).manifest().path("shards"));
        try (Stream<Path> left = Files.walk(folder.resolve("shards"))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith(".") || name.equals("_finished") || name.equals("_copies"));
        }
    }

    @Test
    void nothingIsRenamedInAnObjectStore() throws Exception {
        assertThat(ingest("local[1]", quoted("clean")).exitCode()).isZero();
        StoreFileSystem.RENAMES.set(0);
        String output = "\"s3a://" + folder.resolve("shards") + "\"";
        StoreFileSystem.SPACE.set(PLENTY);
        assertThat(ingest("local[2]", "\"s3a://" + folder.resolve("other") + "\"")
                        .exitCode())
                .isZero();
        // About half of the files fit.
        StoreFileSystem.SPACE.set((PLENTY - StoreFileSystem.SPACE.get()) / 2);
        Job.Outcome full = ingest("local[1]", output);
        assertThat(full.exitCode()).as(full.err()).isEqualTo(3);
        assertThat(folder.resolve("shards/_SUCCESS"))
                .as("what makes shards count")
                .doesNotExist();

        StoreFileSystem.SPACE.set(PLENTY);
        StoreFileSystem.CREATED.clear();
        Job.Outcome again = ingest("local[1]", output);
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(StoreFileSystem.CREATED.stream().filter(name -> name.contains(".parquet")))
                .as("files written anew, under their names at once")
                .hasSizeBetween(1, 7)
                .allMatch(name -> name.startsWith("part-"));
        assertThat(StoreFileSystem.RENAMES).hasValue(0);
        Shards shards = new Shards(folder.resolve("shards"));
        assertThat(shards.manifest().path("shards"))
                .isEqualTo(new Shards(folder.resolve("clean")).manifest().path("shards"));
        try (Stream<Path> left = Files.list(folder.resolve("shards"))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "_SUCCESS", "manifest.json", "tokenizer.json", "split=train", "split=valid");
        }
        assertThat(ingest("local[1]", output).out()).contains("nothing to do");
        Job.Outcome others = ingest("local[1]", output, "ingest.minLength=40");
        assertThat(others.exitCode()).isEqualTo(3);
        assertThat(others.err()).contains("--overwrite");
        Job.Outcome replaced = ingest("local[1]", output, "ingest.minLength=40", "--overwrite");
        assertThat(replaced.exitCode()).as(replaced.err()).isZero();
        assertThat(Job.run("local[1]", "ingest.output=" + output, "--verify").out())
                .contains("all as the manifest says");
    }

    @Test
    void verifyReadsEveryFileAgain() throws Exception {
        assertThat(ingest("local[2]", quoted("shards")).exitCode()).isZero();
        Job.Outcome good = Job.run("local[2]", "ingest.output=" + quoted("shards"), "--verify");
        assertThat(good.exitCode()).as(good.err()).isZero();
        assertThat(good.out()).contains("verified 9 files", "all as the manifest says");

        Path shard = folder.resolve("shards/split=train/part-00001.parquet");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length / 2] ^= 1;
        Files.write(shard, bytes);
        Files.delete(folder.resolve("shards/split=valid/part-00002.parquet"));
        Files.write(folder.resolve("shards/split=valid/part-00009.parquet"), bytes);
        Job.Outcome bad = Job.run("local[2]", "ingest.output=" + quoted("shards"), "--verify");
        assertThat(bad.exitCode()).isEqualTo(3);
        assertThat(bad.err())
                .contains(
                        "3 of 9 files are not as its manifest says",
                        "split=train/part-00001.parquet has changed",
                        "split=valid/part-00002.parquet is missing",
                        "split=valid/part-00009.parquet is not in the manifest");
        Path manifest = folder.resolve("shards/manifest.json");
        Files.delete(folder.resolve("shards/.manifest.json.crc"));
        Files.writeString(
                manifest, Files.readString(manifest).replace("split=train/part-00000.parquet", "split=train/../../x"));
        Job.Outcome outside = Job.run("local[1]", "ingest.output=" + quoted("shards"), "--verify");
        assertThat(outside.exitCode()).isEqualTo(3);
        assertThat(outside.err())
                .contains("manifest.json: shard 'split=train/../../x' is no name of a file in this folder");
        Job.Outcome nothing = Job.run("local[1]", "ingest.output=" + quoted("nowhere"), "--verify");
        assertThat(nothing.exitCode()).isEqualTo(3);
        assertThat(nothing.err()).contains("nowhere: has no readable manifest.json");
    }
}
