package org.dnallama.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.dnallama.checkpoint.Safetensors.Entry;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {

    private static final String TWO = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[8,12]}}";

    @Test
    void bytesAreThoseOfAHandMadeFile() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(
                out,
                List.of(Entry.of("a", List.of(2), new float[] {1f, -2f}), Entry.of("b", List.of(1, 1), new float[] {0.5f
                })),
                Map.of());

        String padded = TWO + " ".repeat((8 - TWO.length() % 8) % 8);
        ByteBuffer expected = ByteBuffer.allocate(8 + padded.length() + 12).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(padded.length()).put(padded.getBytes(StandardCharsets.UTF_8));
        // IEEE 754 by hand: 1 = 3f800000, -2 = c0000000, 1/2 = 3f000000.
        expected.put(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0, 0, 0, 0, 0x3f});
        assertThat(out.toByteArray()).isEqualTo(expected.array());
        assertThat(padded.length() % 8).isZero();
    }

    @Test
    void roundTripIsBitExact(@TempDir Path folder) throws IOException {
        // More than one chunk, with bits that arithmetic would change.
        float[] large = new float[2 * Safetensors.CHUNK_NUMBERS + 3];
        for (int i = 0; i < large.length; i++) {
            large[i] = Float.intBitsToFloat(i * 0x9e3779b9);
        }
        float[] odd = {Float.NaN, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, 1e-40f};
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(
                file,
                List.of(
                        Entry.of("model.größe", List.of(large.length), large),
                        Entry.of("empty", List.of(0, 4), new float[0]),
                        Entry.of("scalar", List.of(), new float[] {7f}),
                        Entry.of("odd", List.of(5, 1), odd)),
                Map.of("format", "pt"));

        var tensors = Safetensors.read(file);
        assertThat(tensors.keySet()).containsExactly("model.größe", "empty", "scalar", "odd");
        assertThat(bits(tensors, "model.größe")).isEqualTo(bits(large));
        assertThat(bits(tensors, "odd")).isEqualTo(bits(odd));
        assertThat(bits(tensors, "scalar")).isEqualTo(bits(new float[] {7f}));
        assertThat(bits(tensors, "empty")).isEmpty();
        assertThat(tensor(tensors, "odd").shape()).containsExactly(5, 1);
        assertThat(folder.toFile().list()).containsExactly("model.safetensors");
    }

    @Test
    void halfPrecisionBytesAreThoseOfAHandMadeFile() throws IOException {
        // 1, -2, 1/3 in float16: 3c00, c000, 3555; in bfloat16: 3f80, c000, 3eab (3eaaaaab rounds up).
        float[] numbers = {1f, -2f, 1 / 3f};
        Safetensors.Source source = (first, chunk, count) -> System.arraycopy(numbers, (int) first, chunk, 0, count);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(
                out,
                List.of(new Entry("h", Dtype.F16, List.of(3), source), new Entry("b", Dtype.BF16, List.of(3), source)),
                Map.of());
        String header = "{\"h\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[6,12]}}";
        String padded = header + " ".repeat((8 - header.length() % 8) % 8);
        byte[] expected = file(padded, 12);
        byte[] data = {0, 0x3c, 0, (byte) 0xc0, 0x55, 0x35, (byte) 0x80, 0x3f, 0, (byte) 0xc0, (byte) 0xab, 0x3e};
        System.arraycopy(data, 0, expected, expected.length - 12, 12);
        assertThat(out.toByteArray()).isEqualTo(expected);
    }

    @Test
    void aNumberTooLargeForTheTypeIsNamed() {
        Entry half = large(Dtype.F16, 65520f);
        assertThatThrownBy(() -> Safetensors.write(new ByteArrayOutputStream(), List.of(half), Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessage("tensor w holds 65520.0, which is too large for float16; choose another type");
        assertThatThrownBy(() -> Safetensors.write(
                        new ByteArrayOutputStream(), List.of(large(Dtype.BF16, -Float.MAX_VALUE)), Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("too large for bfloat16");
        assertThatCode(() -> Safetensors.write(
                        new ByteArrayOutputStream(),
                        List.of(large(Dtype.F16, Math.nextDown(65520f)), infinite(Float.NEGATIVE_INFINITY)),
                        Map.of()))
                .doesNotThrowAnyException();
    }

    private static Entry large(Dtype dtype, float last) {
        return new Entry("w", dtype, List.of(2), (first, chunk, count) -> chunk[1] = last);
    }

    /** What is infinite already is no overflow. */
    private static Entry infinite(float last) {
        return new Entry("v", Dtype.F16, List.of(2), (first, chunk, count) -> chunk[1] = last);
    }

    @Test
    void metadataComesBack() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(out, List.of(), Map.of("format", "pt", "optimizer", "kt4"));
        assertThat(Safetensors.read(
                        new ByteArrayInputStream(out.toByteArray()), "m", (name, shape, first, chunk, count) -> {}))
                .isEqualTo(Map.of("format", "pt", "optimizer", "kt4"));
    }

    @Test
    void headerOrderMayDifferFromDataOrder() throws IOException {
        String swapped = "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        var tensors = Safetensors.read(new ByteArrayInputStream(file(swapped, 12)), "m");
        assertThat(tensors.keySet()).containsExactly("a", "b");
    }

    @Test
    void namesMustDiffer() {
        Entry entry = Entry.of("a", List.of(1), new float[1]);
        assertThatThrownBy(() -> Safetensors.write(new ByteArrayOutputStream(), List.of(entry, entry), Map.of()))
                .hasMessage("two tensors named a");
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void badFileIsNamedWithItsValue(byte[] bytes, String message) {
        assertThatThrownBy(() -> Safetensors.read(new ByteArrayInputStream(bytes), "x/model.safetensors"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("x/model.safetensors: ")
                .hasMessageContaining(message);
    }

    static Stream<Arguments> badFiles() {
        byte[] huge = new byte[16];
        huge[7] = 0x7f;
        return Stream.of(
                Arguments.of(new byte[3], "truncated: 3 bytes, but the header's length takes 8"),
                Arguments.of(huge, "its header would have 9151314442816847872 bytes"),
                Arguments.of(Arrays.copyOf(file(TWO, 12), 40), "truncated: 32 of the header's"),
                Arguments.of(file(TWO, 9), "truncated in tensor b: ends at data byte 9 of 12"),
                Arguments.of(file(TWO, 13), "more bytes than the 12 data bytes"),
                Arguments.of(file("{nonsense}", 0), "no JSON"),
                Arguments.of(file("[1, 2]", 0), "no JSON object"),
                Arguments.of(file("{\"a\":{}, \"a\":{}}", 0), "Duplicate field 'a'"),
                Arguments.of(
                        file(TWO.replaceFirst("F32", "F64"), 12),
                        "tensor a has dtype 'F64'; read are [F32, F16, BF16]"),
                Arguments.of(
                        file(TWO.replaceFirst("F32", "BF16"), 12),
                        "tensor a has data_offsets [0,8]; shape [2] of BF16 takes 4 bytes"),
                Arguments.of(file(TWO.replace("[0,8]", "[0.5,8]"), 12), "tensor a has data_offsets [0.5,8]"),
                Arguments.of(file("{\"__metadata__\":{\"a\":1}}", 0), "__metadata__.a = 1 must be a text"),
                Arguments.of(file("{\"__metadata__\":[]}", 0), "__metadata__ is no JSON object"),
                Arguments.of(utf16("{}"), "is no JSON"),
                Arguments.of(new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', (byte) 0xff}, "is no UTF-8 text"),
                Arguments.of(
                        file(TWO.replace("[8,12]", "[4,8]"), 8),
                        "tensor b begins at data byte 4 but must begin at 8 (tensors overlap)"),
                Arguments.of(
                        file(TWO.replace("[8,12]", "[12,16]"), 16),
                        "tensor b begins at data byte 12 but must begin at 8 (a gap)"),
                Arguments.of(
                        file(TWO.replace("[2]", "[3]"), 12),
                        "tensor a has data_offsets [0,8]; shape [3] of F32 takes 12 bytes"),
                Arguments.of(file(TWO.replace("[2]", "[-2]"), 12), "tensor a has a dimension -2"),
                Arguments.of(file(TWO.replace("[2]", "2"), 12), "tensor a has no list shape"));
    }

    private static byte[] utf16(String header) {
        byte[] json = header.getBytes(StandardCharsets.UTF_16LE);
        return ByteBuffer.allocate(8 + json.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    private static byte[] file(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    private static Safetensors.Tensor tensor(Map<String, Safetensors.Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name));
    }

    private static int[] bits(Map<String, Safetensors.Tensor> tensors, String name) {
        return bits(tensor(tensors, name).numbers());
    }

    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(numbers[i]);
        }
        return bits;
    }
}
