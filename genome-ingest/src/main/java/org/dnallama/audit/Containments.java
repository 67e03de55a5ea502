package org.dnallama.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dnallama.dna.Kmers;
import org.dnallama.dna.Nucleotides;

/**
 * Rows that lie within longer rows or within a genome, on either strand. Each row is looked up by one of its k-mers,
 * that with the fewest places; as all its k-mers stand in whatever contains it, none is missed. Every place is then
 * compared base by base.
 */
final class Containments {

    /** K-mers of a row to choose from. */
    private static final int PARTS = 4;

    private static final StructType SEEDS = new StructType()
            .add("kmer", DataTypes.LongType, false)
            .add("task", DataTypes.StringType, false)
            .add("split", DataTypes.StringType, false)
            .add("id", DataTypes.StringType, false)
            .add("label", DataTypes.IntegerType, false)
            .add("bases", DataTypes.StringType, false)
            .add("start", DataTypes.IntegerType, false)
            .add("flipped", DataTypes.BooleanType, false);

    private static final StructType PLACES = new StructType()
            .add("place_kmer", DataTypes.LongType, false)
            .add("place_task", DataTypes.StringType, false)
            .add("place_split", DataTypes.StringType, false)
            .add("place_id", DataTypes.StringType, false)
            .add("place_label", DataTypes.IntegerType, true)
            .add("place_length", DataTypes.IntegerType, false)
            .add("around", DataTypes.StringType, false)
            .add("around_first", DataTypes.LongType, false)
            .add("place_start", DataTypes.IntegerType, false)
            .add("place_flipped", DataTypes.BooleanType, false);

    private final SparkSession spark;
    private final AuditSettings.Search search;
    private final boolean acrossTasks;

    Containments(SparkSession spark, AuditSettings.Search search, boolean acrossTasks) {
        this.spark = spark;
        this.search = search;
        this.acrossTasks = acrossTasks;
    }

    /**
     * What was found.
     *
     * @param pairs a table as {@link Columns#PAIRS}; a is the row within, b what contains it, offset where it begins
     * @param unsearched rows without any k-mer of A, C, G and T
     * @param tooFrequent rows of which every k-mer tried stands in too many places, so that they were not searched
     */
    record Found(Dataset<Row> pairs, long unsearched, long tooFrequent) {}

    /**
     * Searches.
     *
     * @param rows what to look for, a table as {@link Columns#ROWS}
     * @param longest bases of the longest row
     * @param texts where to look; parts of contigs have flanks as long as the longest row
     * @return pairs and what could not be searched
     */
    Found search(Dataset<Row> rows, int longest, JavaRDD<SearchedText> texts) {
        Kmers kmers = search.kmers();
        Dataset<Row> seeds = spark.createDataFrame(
                        rows.toJavaRDD().flatMap(row -> seeds(row, kmers).iterator()), SEEDS)
                .cache();
        Broadcast<long[]> wanted = share(seeds);
        Dataset<Row> counts = spark.createDataset(
                        texts.flatMap(text -> found(text, kmers, wanted.value()).iterator())
                                .rdd(),
                        Encoders.LONG())
                .toDF("kmer")
                .groupBy("kmer")
                .agg(count(lit(1)).as("places"));
        Dataset<Row> chosen = seeds.join(counts, new String[] {"kmer"}, "left")
                .withColumn("places", coalesce(col("places"), lit(0L)))
                .withColumn(
                        "choice",
                        row_number()
                                .over(Window.partitionBy("task", "split", "id").orderBy("places", "start")))
                .where(col("choice").equalTo(1))
                .cache();
        Column affordable = col("places").leq(search.maxOccurrences());
        long tooFrequent = chosen.where(not(affordable)).count();
        long unsearched = rows.count() - chosen.count();
        Dataset<Row> tried = chosen.where(affordable.and(col("places").gt(0)));
        Broadcast<long[]> used = share(tried);
        Dataset<Row> places = spark.createDataFrame(
                texts.flatMap(text -> places(text, kmers, used.value(), longest).iterator()), PLACES);
        JavaRDD<Row> pairs = tried.join(
                        places, col("kmer").equalTo(col("place_kmer")).and(comparable()))
                .toJavaRDD()
                .flatMap(match -> verified(match, kmers.k()).iterator());
        return new Found(spark.createDataFrame(pairs, Columns.PAIRS), unsearched, tooFrequent);
    }

    private Column comparable() {
        Column longer = col("place_split")
                .notEqual(col("split"))
                .and(col("place_length").gt(length(col("bases"))));
        Column row = acrossTasks ? longer : longer.and(col("place_task").equalTo(col("task")));
        return col("place_split").equalTo(Columns.GENOME).or(row);
    }

    private static List<Row> seeds(Row row, Kmers kmers) {
        String bases = row.getAs("bases");
        return kmers.seeds(bases, PARTS).stream()
                .map(seed -> RowFactory.create(
                        seed.canonical(),
                        row.getAs("task"),
                        row.getAs("split"),
                        row.getAs("id"),
                        row.getAs("label"),
                        bases,
                        seed.start(),
                        seed.flipped()))
                .toList();
    }

    /** The distinct k-mers of a table, sorted, on each executor: 8 bytes each. */
    private Broadcast<long[]> share(Dataset<Row> seeds) {
        long[] distinct = seeds.select("kmer").distinct().as(Encoders.LONG()).collectAsList().stream()
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(distinct);
    }

    private static List<Long> found(SearchedText text, Kmers kmers, long[] wanted) {
        List<Long> found = new ArrayList<>();
        kmers.scan(text.bases(), (start, canonical, flipped) -> {
            if (text.owns(start) && Arrays.binarySearch(wanted, canonical) >= 0) {
                found.add(canonical);
            }
        });
        return found;
    }

    private static List<Row> places(SearchedText text, Kmers kmers, long[] wanted, int longest) {
        List<Row> places = new ArrayList<>();
        kmers.scan(text.bases(), (start, canonical, flipped) -> {
            if (text.owns(start) && Arrays.binarySearch(wanted, canonical) >= 0) {
                int from = Math.max(0, start - longest);
                int to = Math.min(text.bases().length(), start + longest);
                places.add(RowFactory.create(
                        canonical,
                        text.task(),
                        text.split(),
                        text.id(),
                        text.label(),
                        text.bases().length(),
                        text.bases().substring(from, to),
                        text.first() + from,
                        start - from,
                        flipped));
            }
        });
        return places;
    }

    /** The pair, if the row's bases stand at the place where its k-mer puts it. */
    private static List<Row> verified(Row match, int k) {
        String bases = match.getAs("bases");
        String around = match.getAs("around");
        boolean sameStrand = match.<Boolean>getAs("flipped").equals(match.<Boolean>getAs("place_flipped"));
        int start = match.<Integer>getAs("start");
        int begin = match.<Integer>getAs("place_start") - (sameStrand ? start : bases.length() - k - start);
        String expected = sameStrand ? bases : Nucleotides.reverseComplement(bases);
        if (begin < 0 || !around.startsWith(expected, begin)) {
            return List.of();
        }
        return List.of(RowFactory.create(
                Kind.CONTAINMENT.label(),
                match.getAs("task"),
                match.getAs("split"),
                match.getAs("id"),
                match.getAs("label"),
                match.getAs("place_task"),
                match.getAs("place_split"),
                match.getAs("place_id"),
                match.getAs("place_label"),
                sameStrand ? "+" : "-",
                match.<Long>getAs("around_first") + begin,
                bases.length()));
    }
}
