package org.dnallama.labelled;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.shard.ShardManifest;

/**
 * What labelled shards were made from and hold. It names no time, so the same inputs and settings give the same text.
 *
 * @param inputs the files
 * @param settings the effective settings
 * @param tokenizer its place in provenance
 * @param counts by data set and split, in order
 */
record ImportManifest(
        List<ShardManifest.Input> inputs,
        ImportSettings settings,
        ShardManifest.TokenizerMark tokenizer,
        Map<String, Map<LabelledSplit, FileCount>> counts) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a split holds, over all data sets. */
    Map<LabelledSplit, FileCount> splits() {
        Map<LabelledSplit, FileCount> sums = new TreeMap<>();
        counts.values().forEach(task -> task.forEach((split, count) -> sums.merge(split, count, FileCount::plus)));
        return sums;
    }

    /** The manifest as it is stored. */
    ObjectNode toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("job", "import-gue").put("seed", settings.seed());
        for (ShardManifest.Input input : inputs) {
            json.withArray("inputs")
                    .addObject()
                    .put("path", input.path())
                    .put("sha256", input.sha256())
                    .put("bytes", input.bytes());
        }
        try {
            json.set("config", JSON.readTree(settings.effective()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the effective settings are no JSON: " + settings.effective(), e);
        }
        json.putObject("tokenizer").put("sha256", tokenizer.sha256()).put("vocabularySize", tokenizer.vocabularySize());
        splits().forEach((split, count) -> put(json.withObject("/splits"), split, count));
        ObjectNode tasks = json.putObject("tasks");
        counts.forEach((task, splits) -> {
            ObjectNode node = tasks.putObject(task);
            splits.forEach((split, count) -> put(node, split, count));
        });
        return json;
    }

    private void put(ObjectNode parent, LabelledSplit split, FileCount count) {
        ObjectNode node = parent.putObject(split.label())
                .put("rows", count.rows())
                .put("tokens", count.tokens())
                .put("bases", count.bases())
                .put("remainder", count.remainder());
        ObjectNode labels = node.putObject("labels");
        count.labels().forEach((label, rows) -> labels.put(label.toString(), rows));
    }

    /** The table at the end of the job. */
    String toTable(double seconds) {
        StringBuilder text = new StringBuilder(settings.output() + "\n");
        text.append(String.format(
                Locale.ROOT,
                "%-30s %-6s %12s %14s %14s  %s%n",
                "data set",
                "split",
                "rows",
                "bases",
                "tokens",
                "rows by label"));
        counts.forEach((task, splits) -> splits.forEach((split, count) -> line(text, task, split, count)));
        if (counts.size() > 1) {
            splits().forEach((split, count) -> line(text, "all", split, count));
        }
        text.append(String.format(Locale.ROOT, "%.1f seconds%n", seconds));
        return text.toString();
    }

    private void line(StringBuilder text, String task, LabelledSplit split, FileCount count) {
        StringBuilder labels = new StringBuilder();
        count.labels()
                .forEach((label, rows) -> labels.append(String.format(
                        Locale.ROOT,
                        "%s%s: %,d",
                        labels.isEmpty() ? "" : ", ",
                        label < settings.classes().size() ? settings.classes().get(label) : label.toString(),
                        rows)));
        text.append(String.format(
                Locale.ROOT,
                "%-30s %-6s %,12d %,14d %,14d  %s%n",
                task,
                split.label(),
                count.rows(),
                count.bases(),
                count.tokens(),
                labels));
    }
}
