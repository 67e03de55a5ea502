package org.dnallama.audit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Overlaps of rows that need no search along each other: equal ones on both strands, and aligned blocks. */
final class SameLength {

    private final Dataset<Row> rows;
    private final boolean acrossTasks;

    /**
     * Looks at rows.
     *
     * @param rows a table as {@link Columns#ROWS}
     * @param acrossTasks whether data sets are compared with each other
     */
    SameLength(Dataset<Row> rows, boolean acrossTasks) {
        this.rows = rows;
        this.acrossTasks = acrossTasks;
    }

    /**
     * Rows with the same bases, on the same or the other strand. The whole bases are the join's key.
     *
     * @return a table as {@link Columns#PAIRS}
     */
    Dataset<Row> equal() {
        Column same = col("a.bases").equalTo(col("b.bases"));
        return rows.as("a")
                .join(
                        rows.as("b"),
                        col("a.canonical").equalTo(col("b.canonical")).and(comparable()))
                .select(pair(
                        when(same, Kind.EXACT.label()).otherwise(Kind.REVERSE_COMPLEMENT.label()),
                        when(same, "+").otherwise("-"),
                        lit(0L),
                        length(col("a.bases"))));
    }

    /** Each pair of different splits once, the lower rank first. */
    private Column comparable() {
        Column ordered = col("a.rank").lt(col("b.rank"));
        return acrossTasks ? ordered : ordered.and(col("a.task").equalTo(col("b.task")));
    }

    private static Column[] pair(Column kind, Column strand, Column offset, Column matched) {
        return new Column[] {
            kind.as("kind"),
            col("a.task").as("task_a"),
            col("a.split").as("split_a"),
            col("a.id").as("row_a"),
            col("a.label").as("label_a"),
            col("b.task").as("task_b"),
            col("b.split").as("split_b"),
            col("b.id").as("row_b"),
            col("b.label").as("label_b"),
            strand.as("strand"),
            offset.as("offset"),
            matched.as("matched")
        };
    }

    /**
     * The blocks of all rows; those with an ambiguity code are left out.
     *
     * @param twins which blocks
     * @return columns of the rows, and {@code offset} and {@code block}
     */
    Dataset<Row> blocks(AuditSettings.TwinBlocks twins) {
        return rows.where(length(col("bases")).geq(twins.first() + twins.bases()))
                .withColumn(
                        "offset",
                        explode(expr("sequence(" + twins.first() + ", length(bases) - " + twins.bases() + ", "
                                + twins.bases() + ")")))
                .withColumn("block", expr("substring(bases, offset + 1, " + twins.bases() + ")"))
                .where(col("block").rlike("^[ACGT]+$"));
    }

    /**
     * Blocks that more rows share than a bound; joined, their pairs would grow with the square.
     *
     * @param blocks from {@link #blocks}
     * @param maxOccurrences the bound
     * @return columns {@code offset}, {@code block} and {@code rows}
     */
    static Dataset<Row> frequent(Dataset<Row> blocks, int maxOccurrences) {
        return blocks.groupBy("offset", "block")
                .agg(count(lit(1)).as("rows"))
                .where(col("rows").gt(maxOccurrences));
    }

    /**
     * Rows that share a block at the same offset and are not equal.
     *
     * @param blocks from {@link #blocks}
     * @param frequent blocks to leave out
     * @param blockBases bases in a block
     * @return a table as {@link Columns#PAIRS}: offset of the first shared block, bases in shared blocks
     */
    Dataset<Row> twins(Dataset<Row> blocks, Dataset<Row> frequent, int blockBases) {
        Dataset<Row> rare = blocks.join(frequent, new String[] {"offset", "block"}, "left_anti");
        Column sameBlock =
                col("a.offset").equalTo(col("b.offset")).and(col("a.block").equalTo(col("b.block")));
        return rare.as("a")
                .join(
                        rare.as("b"),
                        sameBlock.and(comparable()).and(col("a.bases").notEqual(col("b.bases"))))
                .select(pair(lit(Kind.TWIN.label()), lit("+"), col("a.offset").cast("long"), lit(blockBases)))
                .groupBy("kind", "task_a", "split_a", "row_a", "task_b", "split_b", "row_b")
                .agg(
                        first("label_a").as("label_a"),
                        first("label_b").as("label_b"),
                        first("strand").as("strand"),
                        min("offset").as("offset"),
                        count(lit(1)).multiply(blockBases).cast("int").as("matched"))
                .select(
                        "kind", "task_a", "split_a", "row_a", "label_a", "task_b", "split_b", "row_b", "label_b",
                        "strand", "offset", "matched");
    }
}
