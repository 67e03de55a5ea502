package org.dnallama.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TensorFileTest {

    private static final String NAME = "model.safetensors";

    @TempDir
    private Path folder;

    private static float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i * 0.25f - 7;
        }
        return numbers;
    }

    private void write() throws IOException {
        float[] a = numbers(40_000);
        float[] b = numbers(7);
        try (OutputStream out = Files.newOutputStream(folder.resolve(NAME))) {
            Safetensors.write(
                    out,
                    List.of(
                            Safetensors.Entry.of("a", List.of(200, 200), a),
                            new Safetensors.Entry(
                                    "b",
                                    Dtype.BF16,
                                    List.of(7),
                                    Safetensors.Entry.of("b", List.of(7), b).source()),
                            Safetensors.Entry.of("none", List.of(0, 3), new float[0]),
                            Safetensors.Entry.of("c", List.of(40_000), a)),
                    Map.of());
        }
    }

    private static Map<String, List<Float>> read(TensorFile file, long segmentBytes) throws IOException {
        Map<String, List<Float>> tensors = new TreeMap<>();
        file.read(
                name -> !name.equals("a"),
                (name, shape, first, chunk, count) -> {
                    List<Float> numbers = tensors.computeIfAbsent(name, key -> new ArrayList<>());
                    assertThat(first).isEqualTo(numbers.size());
                    for (int i = 0; i < count; i++) {
                        numbers.add(chunk[i]);
                    }
                },
                segmentBytes);
        return tensors;
    }

    /** Segments far smaller than a tensor, odd ones, and one for all: the numbers are the stream's. */
    @Test
    void mappedSegmentsOfAnySizeGiveTheNumbersOfTheStream() throws IOException {
        write();
        LocalStorage local = new LocalStorage(folder);
        Map<String, List<Float>> streamed = read(TensorFile.open(new Unmapped(local), NAME), 1);
        assertThat(streamed.keySet()).containsExactly("b", "c", "none");
        assertThat(streamed.get("b")).containsExactly(-7f, -6.75f, -6.5f, -6.25f, -6f, -5.75f, -5.5f);
        assertThat(streamed.get("c")).hasSize(40_000).endsWith(9992.5f, 9992.75f);
        for (long segmentBytes : new long[] {1, 4097, 70_001, 1L << 30}) {
            assertThat(read(TensorFile.open(local, NAME), segmentBytes))
                    .as("segments of %d bytes", segmentBytes)
                    .isEqualTo(streamed);
        }
    }

    @Test
    void localFileOfAnotherLengthIsRefusedBeforeItIsMapped() throws IOException {
        write();
        byte[] whole = Files.readAllBytes(folder.resolve(NAME));
        Files.write(folder.resolve(NAME), java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> TensorFile.open(new LocalStorage(folder), NAME))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("truncated: has 320013 data bytes of the 320014");
        Files.write(folder.resolve(NAME), java.util.Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> TensorFile.open(new LocalStorage(folder), NAME))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("too long");
    }

    /** A sparse file: 2.4 GB of zeros that take no room, some numbers at the end, and a tensor behind them. */
    @Test
    void tensorsBeyondTwoGibibytesAreRead() throws IOException {
        int rows = 150_000;
        int columns = 4_000;
        long bytes = 4L * rows * columns;
        String header = ("{\"big\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]},"
                        + "\"after\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[%d,%d]}}")
                .formatted(rows, columns, bytes, bytes, bytes + 4);
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer start = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(json.length).put(json).flip();
        // The last number of "big" is 1 = 3f800000; "after" is 1, -2 = 3c00, c000.
        ByteBuffer end = ByteBuffer.wrap(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0x3c, 0, (byte) 0xc0});
        try (FileChannel file = FileChannel.open(
                folder.resolve(NAME),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            file.write(end, start.limit() + bytes - 4);
            file.write(start, 0);
        }
        TensorFile file = TensorFile.open(new LocalStorage(folder), NAME);
        assertThat(file.header().dataBytes()).isGreaterThan(1L << 31);
        long[] nonZero = {0, 0};
        List<Float> after = new ArrayList<>();
        file.read(
                name -> true,
                (name, shape, first, chunk, count) -> {
                    for (int i = 0; i < count; i++) {
                        if (name.equals("after")) {
                            after.add(chunk[i]);
                        } else if (chunk[i] != 0) {
                            nonZero[0]++;
                            nonZero[1] = first + i;
                        }
                    }
                },
                MappedBytes.SEGMENT_BYTES);
        assertThat(nonZero).containsExactly(1, (long) rows * columns - 1);
        assertThat(after).containsExactly(1f, -2f);
    }
}
