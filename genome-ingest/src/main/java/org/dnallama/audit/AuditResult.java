package org.dnallama.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * All that an audit has to tell.
 *
 * @param files rows of each file
 * @param genomeBases bases of the genome that was searched, 0 if none was
 * @param overlaps what was found
 * @param limits what was left out
 * @param cleaned the cleaned copy, empty if none was wanted
 */
record AuditResult(
        List<FileRows> files,
        long genomeBases,
        List<Overlap> overlaps,
        Limits limits,
        List<CleanCopy.Cleaned> cleaned) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Rows of a split of a data set.
     *
     * @param task the data set
     * @param split its split
     * @param rows their number
     */
    record FileRows(String task, String split, long rows) {}

    /**
     * What was left out of the search.
     *
     * @param frequentBlocks blocks that too many rows share
     * @param rowsInFrequentBlocks rows with such a block, once for each
     * @param unsearchedRows rows without any k-mer of A, C, G and T: too short, or full of ambiguity codes
     * @param tooFrequentRows rows of which every k-mer tried stands in too many places
     */
    record Limits(long frequentBlocks, long rowsInFrequentBlocks, long unsearchedRows, long tooFrequentRows) {}

    /** The content of audit.json. */
    ObjectNode toJson() {
        ObjectNode json = JSON.createObjectNode();
        for (FileRows file : files) {
            json.withArray("files")
                    .addObject()
                    .put("task", file.task)
                    .put("split", file.split)
                    .put("rows", file.rows);
        }
        json.put("genomeBases", genomeBases);
        json.putArray("overlaps").addAll(overlaps.stream().map(Overlap::toJson).toList());
        json.putObject("leftOut")
                .put("frequentBlocks", limits.frequentBlocks)
                .put("rowsInFrequentBlocks", limits.rowsInFrequentBlocks)
                .put("unsearchedRows", limits.unsearchedRows)
                .put("tooFrequentRows", limits.tooFrequentRows);
        for (CleanCopy.Cleaned file : cleaned) {
            ObjectNode node = json.withArray("cleaned")
                    .addObject()
                    .put("task", file.task())
                    .put("split", file.split())
                    .put("kept", file.kept());
            ObjectNode removed = node.putObject("removed");
            file.removed().forEach((kind, rows) -> removed.put(kind.label(), rows));
        }
        return json;
    }

    /** What the user reads. */
    String toTable() {
        StringBuilder text = new StringBuilder();
        for (FileRows file : files) {
            line(text, "%-40s %,12d rows", file.task + "/" + file.split, file.rows);
        }
        if (genomeBases > 0) {
            line(text, "%-40s %,12d bases", Columns.GENOME, genomeBases);
        }
        line(text, "");
        overlaps(text);
        if (overlaps.isEmpty()) {
            line(text, "no overlap");
        }
        leftOut(text);
        for (CleanCopy.Cleaned file : cleaned) {
            line(
                    text,
                    "cleaned %-32s %,12d rows kept, removed: %s",
                    file.task() + "/" + file.split(),
                    file.kept(),
                    file.removed().isEmpty()
                            ? "none"
                            : file.removed().entrySet().stream()
                                    .map(one -> one.getKey().label() + " " + one.getValue())
                                    .collect(Collectors.joining(", ")));
        }
        return text.toString();
    }

    private void overlaps(StringBuilder text) {
        int width = overlaps.stream()
                .mapToInt(one -> Math.max(one.a().length(), one.b().length()))
                .max()
                .orElse(1);
        String names = "%-19s %-" + width + "s %-" + width + "s ";
        line(
                text,
                names + "%10s %9s %9s %12s  %s",
                "overlap",
                "a",
                "b",
                "pairs",
                "rows of a",
                "rows of b",
                "other label",
                "rows of b whose partners mostly have another label");
        for (Overlap one : overlaps) {
            line(
                    text,
                    names + "%,10d %,9d %,9d %,12d  %s",
                    one.kind(),
                    one.a(),
                    one.b(),
                    one.pairs(),
                    one.rowsA(),
                    one.rowsB(),
                    one.otherLabelPairs(),
                    one.decidedB() == 0
                            ? "-"
                            : String.format(
                                    Locale.ROOT,
                                    "%,d of %,d (%.1f %%)",
                                    one.otherLabelB(),
                                    one.decidedB(),
                                    100.0 * one.otherLabelB() / one.decidedB()));
        }
    }

    private void leftOut(StringBuilder text) {
        if (limits.frequentBlocks > 0) {
            line(
                    text,
                    "left out: %,d blocks that more than audit.maxOccurrences rows share (%,d rows)",
                    limits.frequentBlocks,
                    limits.rowsInFrequentBlocks);
        }
        if (limits.tooFrequentRows > 0) {
            line(
                    text,
                    "left out: %,d rows whose k-mers stand in more than audit.maxOccurrences places, from containment",
                    limits.tooFrequentRows);
        }
        if (limits.unsearchedRows > 0) {
            line(
                    text,
                    "left out: %,d rows without audit.k bases of A, C, G and T in a row, from containment",
                    limits.unsearchedRows);
        }
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
