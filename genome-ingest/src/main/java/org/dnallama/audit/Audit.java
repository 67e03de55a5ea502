package org.dnallama.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.dnallama.console.ProgressBars;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Stages;

/** The steps of an audit, in order. */
final class Audit {

    private static final int STEPS = 6;

    private final SparkSession spark;
    private final AuditSettings settings;
    private final Artefact artefact;

    Audit(SparkSession spark, AuditSettings settings, Artefact artefact) {
        this.spark = spark;
        this.settings = settings;
        this.artefact = artefact;
    }

    /**
     * Compares, writes the pairs and the cleaned copy, and counts.
     *
     * @param input labelled rows
     * @param genome may be empty
     * @return what was found
     * @throws IOException if the output cannot be written
     */
    AuditResult run(AuditRows input, GenomeTexts genome) throws IOException {
        try (ProgressBar bar =
                ProgressBars.named("audit", STEPS).setUnit(" steps", 1).build()) {
            begin(bar, "read rows");
            Dataset<Row> rows = input.read(settings.labels()).cache();
            List<AuditResult.FileRows> files =
                    rows.groupBy("task", "split", "rank").count().orderBy("task", "rank").collectAsList().stream()
                            .map(row -> new AuditResult.FileRows(row.getString(0), row.getString(1), row.getLong(3)))
                            .toList();
            Path pairsFolder = new Path(artefact.folder(), "pairs");
            SameLength sameLength = new SameLength(rows, settings.acrossTasks());

            begin(bar, "compare whole rows");
            append(sameLength.equal(), pairsFolder, SaveMode.Overwrite);

            begin(bar, "compare aligned blocks");
            Dataset<Row> blocks = sameLength.blocks(settings.twins()).cache();
            Dataset<Row> frequent = SameLength.frequent(
                            blocks, settings.search().maxOccurrences())
                    .cache();
            append(sameLength.twins(blocks, frequent, settings.twins().bases()), pairsFolder, SaveMode.Append);
            Row dropped =
                    frequent.agg(count(lit(1)), coalesce(sum("rows"), lit(0L))).first();

            begin(bar, "search rows in longer ones and in the genome");
            Containments.Found found = containments(rows, genome);
            append(found.pairs(), pairsFolder, SaveMode.Append);

            begin(bar, "count");
            artefact.fileSystem().delete(new Path(pairsFolder, "_SUCCESS"), false);
            Dataset<Row> pairs = spark.read().schema(Columns.PAIRS).parquet(pairsFolder.toString());
            List<Overlap> overlaps = Overlap.of(pairs);

            begin(bar, "write the cleaned copy");
            List<CleanCopy.Cleaned> cleaned = settings.clean().wanted()
                    ? new CleanCopy(settings.clean()).write(rows, pairs, artefact)
                    : List.of();
            bar.step();
            return new AuditResult(
                    files,
                    genome.bases(),
                    overlaps,
                    new AuditResult.Limits(
                            dropped.getLong(0), dropped.getLong(1), found.unsearched(), found.tooFrequent()),
                    cleaned);
        }
    }

    private void begin(ProgressBar bar, String step) {
        if (!bar.getExtraMessage().isEmpty()) {
            bar.step();
        }
        bar.setExtraMessage(step);
        Stages.begin(spark.sparkContext(), step);
    }

    private static void append(Dataset<Row> pairs, Path folder, SaveMode mode) {
        pairs.orderBy("kind", "task_a", "split_a", "task_b", "split_b", "row_a", "row_b", "offset", "strand")
                .write()
                .mode(mode)
                .option("compression", "zstd")
                .parquet(folder.toString());
    }

    // Rows of one length are within none but an equal one, so only longer ones than the shortest are searched.
    private Containments.Found containments(Dataset<Row> rows, GenomeTexts genome) {
        Row lengths =
                rows.agg(min(length(col("bases"))), max(length(col("bases")))).first();
        int longest = lengths.getInt(1);
        JavaRDD<SearchedText> texts = rows.where(length(col("bases")).gt(lengths.getInt(0)))
                .toJavaRDD()
                .map(Audit::text)
                .union(genome.texts(
                        JavaSparkContext.fromSparkContext(spark.sparkContext()),
                        settings.search().rangeBases(),
                        longest));
        return new Containments(spark, settings.search(), settings.acrossTasks()).search(rows, longest, texts);
    }

    private static SearchedText text(Row row) {
        String bases = row.getAs("bases");
        return new SearchedText(
                row.getAs("task"),
                row.getAs("split"),
                row.getAs("id"),
                row.getAs("label"),
                0,
                bases,
                0,
                bases.length());
    }
}
