package org.dnallama.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.dnallama.metric.ResultTable;
import org.dnallama.model.ActivationMemory;
import org.dnallama.model.LlamaConfig;

/** Plans of several optimizers side by side, as text. */
final class PlanTable {

    /** Memory of devices that there are, in GiB. */
    private static final int[] DEVICES = {8, 12, 16, 24, 32, 40, 48, 64, 80, 96, 128, 141, 192, 256, 384, 512, 1024};

    /** Part of a device's memory that is left when the runtime and its libraries have taken theirs. */
    private static final double USABLE = 0.95;

    private PlanTable() {}

    /** The plans of one optimizer. */
    record Column(String optimizer, Plan kept, Plan checkpointed) {

        Plan plan(ActivationMemory memory) {
            return memory == ActivationMemory.KEPT ? kept : checkpointed;
        }
    }

    /** A sentence on what is planned, then a table with a column for each optimizer. */
    static String text(PlanSettings settings, List<Column> columns) {
        return what(settings, columns.get(0).kept()) + "\n" + table(columns).toText();
    }

    private static String what(PlanSettings settings, Plan plan) {
        Rehearsal rehearsal = settings.rehearsal();
        LlamaConfig config = rehearsal.config();
        return String.format(
                Locale.ROOT,
                """
                %s of %,d parameters, %s: %d layers, dim %d, %d heads, %d kvHeads, hiddenDim %d, vocabulary %d
                Each device: batchSize %d, microBatch %d, lanes %d, rows of %d tokens
                """,
                settings.job().label(),
                plan.parameters(),
                plan.trained() == plan.parameters()
                        ? "all trained"
                        : String.format(Locale.ROOT, "%,d trained", plan.trained()),
                config.layers(),
                config.dim(),
                config.heads(),
                config.kvHeads(),
                config.hiddenDim(),
                config.vocabularySize(),
                rehearsal.training().batchSize(),
                rehearsal.training().microBatch(),
                rehearsal.training().lanes(),
                rehearsal.tokens());
    }

    private static ResultTable table(List<Column> columns) {
        List<String> header = new ArrayList<>(List.of("each device"));
        columns.forEach(column -> header.add(column.optimizer()));
        List<List<String>> rows = new ArrayList<>();
        for (Use use : List.of(Use.WEIGHTS, Use.BEST, Use.GRADIENTS, Use.OPTIMIZER, Use.LOGITS)) {
            rows.add(row(use.label(), columns, ActivationMemory.KEPT, plan -> size(plan.bytes(use))));
        }
        for (ActivationMemory memory : ActivationMemory.ofTraining()) {
            rows.add(row(name(memory), columns, memory, plan -> size(plan.bytes(Use.ACTIVATIONS))));
        }
        rows.add(row("most before training", columns, ActivationMemory.KEPT, plan -> size(plan.loadingBytes())));
        for (ActivationMemory memory : ActivationMemory.ofTraining()) {
            rows.add(row("sum, " + name(memory), columns, memory, plan -> size(plan.trainingBytes())));
            rows.add(row("  fits in", columns, memory, plan -> device(plan.neededBytes())));
            rows.add(row("  arithmetic, for each token", columns, memory, plan -> operations(plan.stepOperations())));
        }
        rows.add(row(
                "one forward, for each token",
                columns,
                ActivationMemory.KEPT,
                plan -> operations(plan.forwardOperations())));
        rows.add(row("all-reduced in a step", columns, ActivationMemory.KEPT, plan -> size(plan.allReducedBytes())));
        return new ResultTable(header, rows);
    }

    private static String name(ActivationMemory memory) {
        return "activations " + memory.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> row(
            String name, List<Column> columns, ActivationMemory memory, Function<Plan, String> cell) {
        List<String> row = new ArrayList<>(List.of(name));
        columns.forEach(column -> row.add(cell.apply(column.plan(memory))));
        return row;
    }

    /** Binary units: 1 GiB is 2^30 bytes. */
    static String size(long bytes) {
        double mebibytes = bytes / 0x1p20;
        return mebibytes < 1024
                ? String.format(Locale.ROOT, "%.2f MiB", mebibytes)
                : String.format(Locale.ROOT, "%,.2f GiB", mebibytes / 1024);
    }

    /** The smallest usual device that has room. */
    static String device(long bytes) {
        for (int device : DEVICES) {
            if (bytes <= USABLE * device * 0x1p30) {
                return device + " GiB";
            }
        }
        return "none";
    }

    /** Additions and multiplications. */
    static String operations(double count) {
        return count < 1e9
                ? String.format(Locale.ROOT, "%.2f MFLOP", count / 1e6)
                : String.format(Locale.ROOT, "%,.2f GFLOP", count / 1e9);
    }
}
