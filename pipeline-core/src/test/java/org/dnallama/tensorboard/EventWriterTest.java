package org.dnallama.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EventWriterTest {

    private static byte[] file(double start, ScalarEvent... events) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        EventWriter writer = new EventWriter(bytes, start);
        for (ScalarEvent event : events) {
            writer.write(event);
        }
        return bytes.toByteArray();
    }

    /** The bytes are what TensorBoard 2.21's own RecordWriter and messages gave for the same two events. */
    @Test
    void writesTheBytesThatTensorBoardWrites() throws IOException {
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("step/lossNats", 1.25);
        scalars.put("step/z", -0.1);
        byte[] ours = file(1700000000.25, new ScalarEvent(1700000001.5, 300, scalars));
        assertThat(HexFormat.of().formatHex(ours))
                .isEqualTo("1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9"
                        + "33000000000000000ca720560900006040fc54d94110ac022a250a140a0d737465702f6c6f73734e61747315"
                        + "0000a03f0a0d0a06737465702f7a15cdccccbd99510210");
    }

    @Test
    void isReadBack() throws IOException {
        List<ScalarEvent> events = List.of(
                new ScalarEvent(10, 1, Map.of("a", 0.5)),
                new ScalarEvent(11, 1L << 40, Map.of("größe", -1e30)),
                new ScalarEvent(12.5, 3, Map.of("infinite", Double.POSITIVE_INFINITY)),
                new ScalarEvent(13, 4, Map.of()));
        List<ScalarEvent> read = EventReader.read(file(10, events.toArray(ScalarEvent[]::new)));
        assertThat(read).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(read.get(i).wallTimeSeconds()).isEqualTo(events.get(i).wallTimeSeconds());
            assertThat(read.get(i).step()).isEqualTo(events.get(i).step());
            assertThat(read.get(i).scalars()).isEqualTo(float32(events.get(i).scalars()));
        }
    }

    private static Map<String, Double> float32(Map<String, Double> scalars) {
        Map<String, Double> rounded = new LinkedHashMap<>();
        scalars.forEach((tag, value) -> rounded.put(tag, (double) value.floatValue()));
        return rounded;
    }
}
