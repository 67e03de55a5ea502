package org.dnallama.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;
import org.dnallama.ingest.Job;
import org.dnallama.labelled.Duck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on a local Spark, against {@link BruteForce}; its pairs are read with DuckDB. */
class AuditTest {

    private static final String PAIRS =
            "SELECT kind, task_a, split_a, row_a, label_a, task_b, split_b, row_b, label_b, strand,"
                    + " \"offset\", matched FROM rows";

    @TempDir
    Path folder;

    private final RandomGenerator random = new Seeds(11).stream("audit");
    private final List<BruteForce.Row> rows = new ArrayList<>();
    private final Map<String, String> contigs = new LinkedHashMap<>();

    @BeforeEach
    void makeData() throws IOException {
        for (String task : List.of("one", "two")) {
            for (String split : List.of("train", "dev", "test")) {
                for (int i = 0; i < 60; i++) {
                    add(task, split, bases(70));
                }
            }
        }
        plantPairs();
        plantNearMisses();
        plantInGenome();
        writeFiles();
    }

    private String bases(int length) {
        StringBuilder bases = new StringBuilder();
        random.ints(length, 0, 4).forEach(i -> bases.append("ACGT".charAt(i)));
        return bases.toString();
    }

    private void add(String task, String split, String sequence) {
        int number = (int) rows.stream()
                .filter(row -> row.task().equals(task) && row.split().equals(split))
                .count();
        rows.add(new BruteForce.Row(task, split, number, sequence, random.nextInt(2)));
    }

    private void plantPairs() {
        String row = bases(70);
        add("one", "train", row);
        add("one", "train", row);
        add("one", "test", row.toLowerCase(Locale.ROOT).replace('t', 'u'));
        add("two", "test", row);
        String reversed = bases(30) + "RYN" + bases(37);
        add("one", "train", reversed);
        add("one", "dev", BruteForce.otherStrand(reversed));
        String inner = bases(40);
        add("one", "test", inner);
        add("one", "train", bases(9) + inner + bases(3));
        add("one", "dev", bases(31) + BruteForce.otherStrand(inner));
        add("one", "train", inner + bases(30));
        String middle = bases(50);
        add("one", "train", middle);
        add("one", "test", middle + bases(8) + middle);
        String twin = bases(70);
        add("one", "train", twin);
        add("one", "test", bases(10) + twin.substring(10, 25) + bases(15) + twin.substring(40, 55) + bases(15));
        add("one", "dev", bases(55) + twin.substring(55));
    }

    private void plantNearMisses() {
        String row = bases(70);
        String changed = (row.charAt(0) == 'A' ? 'C' : 'A') + row.substring(1);
        add("two", "train", row);
        add("two", "test", changed);
        add("two", "dev", BruteForce.otherStrand(changed));
        add("two", "dev", "N" + row.substring(1));
        add("two", "test", row.substring(1) + "A");
        add("two", "test", bases(11) + row.substring(11, 24) + bases(46));
        String inner = bases(40);
        add("two", "test", inner);
        add("two", "train", bases(10) + inner.substring(0, 39) + (inner.endsWith("G") ? "T" : "G") + bases(20));
        add("two", "train", bases(10) + "R" + inner.substring(1) + bases(20));
        add("two", "dev", "N".repeat(30) + bases(20) + "N".repeat(20));
    }

    private void plantInGenome() {
        String forward = bases(70);
        String backward = bases(70);
        String first = bases(50);
        String last = bases(60);
        add("one", "test", forward);
        add("one", "train", BruteForce.otherStrand(backward));
        add("two", "dev", first);
        add("two", "test", BruteForce.otherStrand(last));
        // Ranges are 500 bases long, so these lie over their borders; one stands there twice.
        String text = first
                + bases(420)
                + forward
                + bases(600)
                + "N".repeat(90)
                + bases(220)
                + backward.toLowerCase(Locale.ROOT)
                + bases(1000)
                + forward.substring(1)
                + forward
                + bases(333)
                + last;
        contigs.put("genome.fa|genome|one|null", text);
        contigs.put("genome.fa|genome|two|null", bases(800) + backward + bases(800));
    }

    private void writeFiles() throws IOException {
        for (String task : List.of("one", "two")) {
            for (String split : List.of("train", "dev", "test")) {
                StringBuilder text = new StringBuilder("sequence,label\n");
                rows.stream()
                        .filter(row -> row.task().equals(task) && row.split().equals(split))
                        .forEach(row -> text.append(row.sequence() + "," + row.label() + "\n"));
                Files.createDirectories(folder.resolve("data/" + task));
                Files.writeString(folder.resolve("data/" + task + "/" + split + ".csv"), text);
            }
        }
        StringBuilder fasta = new StringBuilder();
        contigs.forEach((key, bases) -> fasta.append(">" + key.split("\\|")[2] + "\n")
                .append(bases.replaceAll("(.{60})", "$1\n").strip())
                .append("\n"));
        Files.writeString(folder.resolve("genome.fa"), fasta);
    }

    private String path(String name) {
        return "\"" + folder.resolve(name) + "\"";
    }

    private Job.Outcome audit(String output, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "audit.data=" + path("data"),
                "audit.genome=" + path("genome.fa"),
                "audit.output=" + path(output),
                "audit.rangeBases=500"));
        arguments.addAll(List.of(settings));
        return Job.command("audit", "local[2]", arguments.toArray(String[]::new));
    }

    private List<String> pairs(String output) throws Exception {
        return Duck.query(folder.resolve(output).resolve("pairs/*.parquet"), PAIRS);
    }

    private JsonNode json(String output) throws IOException {
        return new ObjectMapper().readTree(Files.readString(folder.resolve(output + "/audit.json")));
    }

    @Test
    void findsWhatComparingAllRowsFindsAndNothingElse() throws Exception {
        List<String> expected = BruteForce.pairs(rows, contigs, false);
        for (String kind : Kind.labels()) {
            assertThat(expected).as(kind).anyMatch(pair -> pair.startsWith(kind + "|"));
        }
        Job.Outcome run = audit("audit");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(pairs("audit")).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(run.out())
                .contains("exact", "one/train", "genome.fa/genome", "seconds")
                .hasLineCount(1 + 6 + 1 + 1 + 1 + json("audit").path("overlaps").size() + 1 + 1);
        assertThat(run.out()).contains("left out: 1 rows without audit.k bases of A, C, G and T");
        assertThat(run.err()).contains("audit", "100%");
        for (JsonNode one : json("audit").path("overlaps")) {
            Set<String> a = new HashSet<>();
            Set<String> b = new HashSet<>();
            long pairs = 0;
            for (String pair : expected) {
                String[] cells = pair.split("\\|");
                if (List.of(cells[0], cells[1], cells[2], cells[5], cells[6])
                        .equals(List.of(
                                one.path("kind").asText(),
                                one.path("taskA").asText(),
                                one.path("splitA").asText(),
                                one.path("taskB").asText(),
                                one.path("splitB").asText()))) {
                    pairs++;
                    a.add(cells[3]);
                    b.add(cells[7]);
                }
            }
            assertThat(List.of(pairs, (long) a.size(), (long) b.size()))
                    .as(one.toString())
                    .containsExactly(
                            one.path("pairs").asLong(),
                            one.path("rowsA").asLong(),
                            one.path("rowsB").asLong());
        }
    }

    @Test
    void dataSetsAreComparedWithEachOtherOnRequest() throws Exception {
        List<String> expected = BruteForce.pairs(rows, Map.of(), true);
        assertThat(expected)
                .hasSizeGreaterThan(BruteForce.pairs(rows, Map.of(), false).size());
        assertThat(audit("audit", "audit.genome=[]", "audit.acrossTasks=true").exitCode())
                .isZero();
        assertThat(pairs("audit")).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void shardsGiveWhatTheirSourcesGive() throws Exception {
        assertThat(Job.command(
                                "import-gue",
                                "local[2]",
                                "importGue.data=" + path("data"),
                                "importGue.output=" + path("labelled"))
                        .exitCode())
                .isZero();
        assertThat(Job.command(
                                "ingest",
                                "local[2]",
                                "ingest.fasta=" + path("genome.fa"),
                                "ingest.output=" + path("shards"))
                        .exitCode())
                .isZero();
        Job.Outcome run = audit("audit", "audit.data=" + path("labelled"), "audit.genome=" + path("shards"));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(pairs("audit")).containsExactlyInAnyOrderElementsOf(BruteForce.pairs(rows, contigs, false));

        Files.writeString(folder.resolve("genome.fa"), ">one\nACGT\n");
        Job.Outcome changed = audit("other", "audit.genome=" + path("shards"));
        assertThat(changed.exitCode()).isEqualTo(3);
        assertThat(changed.err()).contains("genome.fa: is not the file that", "it has changed; ingest it again");
        Files.delete(folder.resolve("labelled/_SUCCESS"));
        Job.Outcome unfinished = audit("other", "audit.data=" + path("labelled"), "audit.genome=[]");
        assertThat(unfinished.exitCode()).isEqualTo(3);
        assertThat(unfinished.err()).contains("labelled: has no _SUCCESS; give the output of a finished import-gue");
    }

    @Test
    void theCleanedCopyLeavesOutLeakingRowsInTheOldOrder() throws Exception {
        Job.Outcome run = audit(
                "audit",
                "audit.genome=[]",
                "audit.clean.write=true",
                "audit.clean.kinds=[exact, containment, reverse-complement]",
                "audit.clean.against=[dev, test]");
        assertThat(run.exitCode()).as(run.err()).isZero();
        Map<String, String> leaking = leaking();
        assertThat(leaking.values()).contains("exact", "reverse-complement", "containment");
        for (JsonNode file : json("audit").path("cleaned")) {
            String task = file.path("task").asText();
            String split = file.path("split").asText();
            List<String> expected = new ArrayList<>(List.of("sequence,label"));
            Map<String, Long> removed = new LinkedHashMap<>();
            for (BruteForce.Row row : rows) {
                if (row.task().equals(task) && row.split().equals(split)) {
                    String reason = leaking.get(row.key());
                    if (reason == null) {
                        expected.add(row.bases() + "," + row.label());
                    } else {
                        removed.merge(reason, 1L, Long::sum);
                    }
                }
            }
            assertThat(Files.readAllLines(folder.resolve("audit/cleaned/" + task + "/" + split + ".csv")))
                    .isEqualTo(expected);
            assertThat(file.path("kept").asInt()).isEqualTo(expected.size() - 1);
            assertThat(file.path("removed")).hasSize(removed.size());
            removed.forEach((kind, count) ->
                    assertThat(file.at("/removed/" + kind).asLong()).isEqualTo(count));
        }
        assertThat(json("audit").path("cleaned")).hasSize(6);
    }

    /** Rows of a lower split in any pair, with the gravest kind. */
    private Map<String, String> leaking() {
        List<String> splits = List.of("train", "dev", "test");
        List<String> kinds = List.of("exact", "reverse-complement", "containment");
        Map<String, String> leaking = new LinkedHashMap<>();
        for (String kind : kinds) {
            for (String pair : BruteForce.pairs(rows, Map.of(), false)) {
                String[] cells = pair.split("\\|");
                if (cells[0].equals(kind)) {
                    boolean first = splits.indexOf(cells[2]) < splits.indexOf(cells[6]);
                    int at = first ? 1 : 5;
                    leaking.putIfAbsent(String.join("|", cells[at], cells[at + 1], cells[at + 2], cells[at + 3]), kind);
                }
            }
        }
        return leaking;
    }

    @Test
    void whatIsTooFrequentIsLeftOutAndTold() throws Exception {
        String block = bases(15);
        String inner = bases(30);
        for (int i = 0; i < 4; i++) {
            add("two", "train", bases(10) + block + bases(45));
            add("two", "test", bases(10) + block + bases(45));
            add("two", "test", bases(20) + inner + bases(20));
            add("two", "dev", bases(23) + inner + bases(17));
        }
        add("two", "train", inner);
        writeFiles();
        List<String> all = BruteForce.pairs(rows, Map.of(), false);
        String innerId = rows.get(rows.size() - 1).key();
        List<String> rare = all.stream()
                .filter(pair -> !pair.contains(innerId))
                .filter(pair -> !(pair.startsWith("twin|two|train") && pair.endsWith("|+|10|15")))
                .toList();
        assertThat(rare).hasSizeBetween(1, all.size() - 16 - 8);
        Job.Outcome run = audit("audit", "audit.genome=[]", "audit.maxOccurrences=7");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(pairs("audit")).containsExactlyInAnyOrderElementsOf(rare);
        JsonNode leftOut = json("audit").path("leftOut");
        assertThat(leftOut.path("frequentBlocks").asLong()).isEqualTo(1);
        assertThat(leftOut.path("rowsInFrequentBlocks").asLong()).isEqualTo(8);
        assertThat(leftOut.path("tooFrequentRows").asLong()).isEqualTo(1);
        assertThat(run.out()).contains("left out: 1 blocks", "left out: 1 rows whose k-mers");
        assertThat(audit("whole", "audit.genome=[]", "audit.maxOccurrences=8").exitCode())
                .isZero();
        assertThat(pairs("whole")).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void badInputIsNamedAndASecondRunDoesNothing() throws Exception {
        assertThat(audit("audit", "audit.genome=[]").exitCode()).isZero();
        assertThat(audit("audit", "audit.genome=[]").out()).contains("audit: is complete already");
        Files.writeString(folder.resolve("data/two/dev.csv"), "sequence,label\nACGT,x\n");
        Job.Outcome bad = audit("audit", "audit.genome=[]");
        assertThat(bad.exitCode()).isEqualTo(3);
        assertThat(bad.err()).contains("give --overwrite to replace it");
        bad = audit("other", "audit.genome=[]");
        assertThat(bad.exitCode()).isEqualTo(3);
        assertThat(bad.err()).contains("two/dev.csv:2: label is 'x'; write the number of the class");
        assertThat(folder.resolve("other")).doesNotExist();
        Job.Outcome settings = audit("other", "audit.k=20", "audit.clean.kinds=[same]", "audit.data=[]");
        assertThat(settings.exitCode()).isEqualTo(2);
        assertThat(settings.err())
                .contains("audit.k = 20: must be odd and at most 31", "audit.clean.kinds has same: must be of exact");
    }
}
