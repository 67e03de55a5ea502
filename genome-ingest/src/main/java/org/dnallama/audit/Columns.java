package org.dnallama.audit;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Tables of the audit. */
final class Columns {

    /** One labelled row; {@code canonical} is the smaller of its bases and their reverse complement. */
    static final StructType ROWS = new StructType()
            .add("task", DataTypes.StringType, false)
            .add("split", DataTypes.StringType, false)
            .add("rank", DataTypes.IntegerType, false)
            .add("row", DataTypes.IntegerType, false)
            .add("id", DataTypes.StringType, false)
            .add("label", DataTypes.IntegerType, false)
            .add("bases", DataTypes.StringType, false)
            .add("canonical", DataTypes.StringType, false);

    /** One overlap; see the documentation of the audit for the meaning. */
    static final StructType PAIRS = new StructType()
            .add("kind", DataTypes.StringType, false)
            .add("task_a", DataTypes.StringType, false)
            .add("split_a", DataTypes.StringType, false)
            .add("row_a", DataTypes.StringType, false)
            .add("label_a", DataTypes.IntegerType, true)
            .add("task_b", DataTypes.StringType, false)
            .add("split_b", DataTypes.StringType, false)
            .add("row_b", DataTypes.StringType, false)
            .add("label_b", DataTypes.IntegerType, true)
            .add("strand", DataTypes.StringType, false)
            .add("offset", DataTypes.LongType, false)
            .add("matched", DataTypes.IntegerType, false);

    /** The split that a genome's contigs are told under. */
    static final String GENOME = "genome";

    private Columns() {}
}
