package org.dnallama.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.WireFormat;
import org.tensorflow.framework.Summary;

/**
 * Reads event files with the classes that protobuf generated from TensorFlow's own schema (which ND4J brings along) and
 * with the plain definition of CRC-32C.
 */
public final class EventReader {

    private EventReader() {}

    /** The scalars of a file, after a check of its version record and of every checksum. */
    public static List<ScalarEvent> read(Path file) throws IOException {
        return read(Files.readAllBytes(file));
    }

    static List<ScalarEvent> read(byte[] file) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<ScalarEvent> events = new ArrayList<>();
        assertThat(new String(record(rest), java.nio.charset.StandardCharsets.UTF_8))
                .endsWith("brain.Event:2");
        while (rest.hasRemaining()) {
            events.add(event(record(rest)));
        }
        return events;
    }

    private static byte[] record(ByteBuffer rest) {
        byte[] length = take(rest, 8);
        assertThat(rest.getInt()).as("checksum of a length").isEqualTo(masked(length));
        byte[] bytes = take(rest, (int)
                ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
        assertThat(rest.getInt()).as("checksum of a record").isEqualTo(masked(bytes));
        return bytes;
    }

    private static byte[] take(ByteBuffer rest, int count) {
        byte[] bytes = new byte[count];
        rest.get(bytes);
        return bytes;
    }

    private static ScalarEvent event(byte[] record) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(record);
        double wallTimeSeconds = 0;
        long step = 0;
        Map<String, Double> scalars = new LinkedHashMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> wallTimeSeconds = in.readDouble();
                case 2 -> step = in.readInt64();
                case 5 ->
                    Summary.parseFrom(in.readByteArray())
                            .getValueList()
                            .forEach(value -> scalars.put(value.getTag(), (double) value.getSimpleValue()));
                default -> throw new AssertionError("field " + WireFormat.getTagFieldNumber(tag));
            }
        }
        return new ScalarEvent(wallTimeSeconds, step, scalars);
    }

    /** CRC-32C bit by bit, then the mask of TensorFlow's crc32c.h. */
    private static int masked(byte[] bytes) {
        int crc = ~0;
        for (byte each : bytes) {
            crc ^= each & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78);
            }
        }
        crc = ~crc;
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }
}
