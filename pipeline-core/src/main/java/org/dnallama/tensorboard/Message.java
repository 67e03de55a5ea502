package org.dnallama.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A protobuf message under construction. Each field is its number and wire type, then its value.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>
 */
final class Message {

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message integer(int field, long value) {
        return key(field, VARINT).varint(value);
    }

    Message real64(int field, double value) {
        return key(field, FIXED_64)
                .append(littleEndian(Double.BYTES).putDouble(value).array());
    }

    Message real32(int field, float value) {
        return key(field, FIXED_32)
                .append(littleEndian(Float.BYTES).putFloat(value).array());
    }

    Message text(int field, String value) {
        return delimited(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
        return delimited(field, value.bytes());
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private Message delimited(int field, byte[] value) {
        return key(field, LENGTH_DELIMITED).varint(value.length).append(value);
    }

    private Message key(int field, int wireType) {
        return varint((long) field << 3 | wireType);
    }

    /** Seven bits a byte, the lowest first; the eighth bit says that more follow. */
    private Message varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return this;
    }

    private Message append(byte[] raw) {
        bytes.writeBytes(raw);
        return this;
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
