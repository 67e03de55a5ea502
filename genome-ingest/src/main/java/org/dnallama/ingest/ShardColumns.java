package org.dnallama.ingest;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Strand;
import org.dnallama.shard.PackedRow;
import org.dnallama.shard.ShardRow;

/** The columns of a shard, for Parquet: a window a row ({@link ShardRow}), or a packed row ({@link PackedRow}). */
final class ShardColumns extends WriteSupport<Object> {

    private static final String PLACE = """
            required binary contig (STRING);
            required int64 start;
            required int64 end;
            required binary strand (STRING);
            """;

    private static final String TOKENS = """
            required group tokens (LIST) { repeated group list { required int32 element; } }
            required group soft_mask (LIST) { repeated group list { required float element; } }
            required int32 bases;
            """;

    private static final MessageType WINDOWS =
            MessageTypeParser.parseMessageType("message window {" + PLACE + TOKENS + "}");

    private static final MessageType PACKED = MessageTypeParser.parseMessageType("message packed {" + TOKENS
            + "required group boundaries (LIST) { repeated group list { required int32 element; } }"
            + "required group documents (LIST) { repeated group list { required group element {" + PLACE + "} } } }");

    private final boolean packed;
    private RecordConsumer out;

    @SuppressWarnings("NullAway.Init") // Parquet sets the consumer before the first row.
    ShardColumns(boolean packed) {
        this.packed = packed;
    }

    @Override
    public WriteContext init(Configuration configuration) {
        return new WriteContext(packed ? PACKED : WINDOWS, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
        this.out = consumer;
    }

    @Override
    public void write(Object row) {
        out.startMessage();
        if (row instanceof PackedRow many) {
            tokens(0, many.tokens(), many.softMask(), many.bases());
            boundaries(3, many.boundaries());
            documents(4, many.documents());
        } else if (row instanceof ShardRow one) {
            place(one.interval(), one.strand());
            tokens(4, one.tokens(), one.softMask(), one.bases());
        }
        out.endMessage();
    }

    private void place(Interval interval, Strand strand) {
        field("contig", 0, () -> out.addBinary(Binary.fromString(interval.contig())));
        field("start", 1, () -> out.addLong(interval.start()));
        field("end", 2, () -> out.addLong(interval.end()));
        field("strand", 3, () -> out.addBinary(Binary.fromString(strand.symbol())));
    }

    private void tokens(int index, int[] tokens, float[] softMask, int bases) {
        list("tokens", index, tokens.length, i -> out.addInteger(tokens[i]));
        list("soft_mask", index + 1, softMask.length, i -> out.addFloat(softMask[i]));
        field("bases", index + 2, () -> out.addInteger(bases));
    }

    private void boundaries(int index, List<Integer> boundaries) {
        list("boundaries", index, boundaries.size(), i -> out.addInteger(boundaries.get(i)));
    }

    private void documents(int index, List<PackedRow.Document> documents) {
        list("documents", index, documents.size(), i -> {
            out.startGroup();
            place(documents.get(i).interval(), documents.get(i).strand());
            out.endGroup();
        });
    }

    private interface Element {
        void write(int index);
    }

    private void list(String name, int index, int length, Element element) {
        field(name, index, () -> {
            out.startGroup();
            if (length > 0) {
                out.startField("list", 0);
                for (int i = 0; i < length; i++) {
                    out.startGroup();
                    out.startField("element", 0);
                    element.write(i);
                    out.endField("element", 0);
                    out.endGroup();
                }
                out.endField("list", 0);
            }
            out.endGroup();
        });
    }

    private void field(String name, int index, Runnable value) {
        out.startField(name, index);
        value.run();
        out.endField(name, index);
    }
}
