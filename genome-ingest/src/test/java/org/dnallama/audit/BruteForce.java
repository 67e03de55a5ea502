package org.dnallama.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The overlaps by comparing every row with every other: no index, no hash, no code of the audit. */
final class BruteForce {

    private static final List<String> SPLITS = List.of("train", "dev", "test");
    private static final String CODES = "ACGTRYSWKMBDHVN";
    private static final String COMPLEMENTS = "TGCAYRSWMKVHDBN";

    private final boolean acrossTasks;
    private final List<String> pairs = new ArrayList<>();

    private BruteForce(boolean acrossTasks) {
        this.acrossTasks = acrossTasks;
    }

    /** A row as the data sets have it. */
    record Row(String task, String split, int number, String sequence, int label) {

        String bases() {
            return sequence.toUpperCase(java.util.Locale.ROOT).replace('U', 'T');
        }

        String id() {
            return split + ".csv:" + (number + 2);
        }

        String key() {
            return task + "|" + split + "|" + id() + "|" + label;
        }
    }

    /**
     * Finds all.
     *
     * @param rows all of them
     * @param contigs a genome's bases by {@code file|genome|contig|null}
     * @param acrossTasks whether data sets are compared with each other
     * @return pairs, columns joined by bars
     */
    static List<String> pairs(List<Row> rows, Map<String, String> contigs, boolean acrossTasks) {
        BruteForce force = new BruteForce(acrossTasks);
        for (Row a : rows) {
            for (Row b : rows) {
                force.compare(a, b);
            }
            contigs.forEach((key, bases) -> force.within(a, key, bases.toUpperCase(java.util.Locale.ROOT)));
        }
        return force.pairs;
    }

    static String otherStrand(String bases) {
        StringBuilder other = new StringBuilder();
        for (int i = bases.length() - 1; i >= 0; i--) {
            other.append(COMPLEMENTS.charAt(CODES.indexOf(bases.charAt(i))));
        }
        return other.toString();
    }

    private void compare(Row a, Row b) {
        if (a.split.equals(b.split) || (!acrossTasks && !a.task.equals(b.task))) {
            return;
        }
        if (a.bases().length() < b.bases().length()) {
            within(a, b.key(), b.bases());
        }
        if (SPLITS.indexOf(a.split) > SPLITS.indexOf(b.split)) {
            return;
        }
        if (a.bases().equals(b.bases())) {
            add("exact", a, b.key(), "+", 0, a.bases().length());
            return;
        }
        if (otherStrand(a.bases()).equals(b.bases())) {
            add("reverse-complement", a, b.key(), "-", 0, a.bases().length());
        }
        int first = -1;
        int matched = 0;
        for (int at = 10; at + 15 <= Math.min(a.bases().length(), b.bases().length()); at += 15) {
            String block = a.bases().substring(at, at + 15);
            if (block.chars().allMatch(base -> "ACGT".indexOf(base) >= 0)
                    && b.bases().substring(at, at + 15).equals(block)) {
                first = first < 0 ? at : first;
                matched += 15;
            }
        }
        if (matched > 0) {
            add("twin", a, b.key(), "+", first, matched);
        }
    }

    private void within(Row a, String key, String bases) {
        everywhere(a, key, "+", a.bases(), bases);
        everywhere(a, key, "-", otherStrand(a.bases()), bases);
    }

    private void everywhere(Row a, String key, String strand, String part, String whole) {
        for (int at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) {
            add("containment", a, key, strand, at, part.length());
        }
    }

    private void add(String kind, Row a, String b, String strand, int offset, int matched) {
        pairs.add(String.join("|", kind, a.key(), b, strand, "" + offset, "" + matched));
    }
}
