package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnallama.config.InputException;

/**
 * Named float32 tensors in the safetensors format: the header's length in bytes (8 bytes, little-endian), the header
 * (JSON, padded with spaces to a multiple of 8), then the tensors' numbers, little-endian, row-major, without gaps.
 * Numbers pass through in chunks, so neither direction holds the model a second time.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">safetensors</a>
 */
public final class Safetensors {

    /** Numbers that are moved at once. */
    static final int CHUNK_NUMBERS = 1 << 14;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Safetensors() {}

    /** Where a tensor's numbers come from. */
    @FunctionalInterface
    public interface Source {

        /**
         * Hands over a part of a tensor.
         *
         * @param first index of the part's first number in the row-major tensor
         * @param chunk receives the numbers, from index 0 on
         * @param count how many; at most {@code chunk.length}
         */
        void read(long first, float[] chunk, int count);
    }

    /** Where tensors' numbers go to. */
    @FunctionalInterface
    public interface Sink {

        /**
         * Takes a part of a tensor. Parts come in order, and each tensor has at least one (empty for an empty tensor).
         *
         * @param name the tensor
         * @param shape its shape
         * @param first index of the part's first number in the row-major tensor
         * @param chunk the numbers, from index 0 on; valid during the call only
         * @param count how many
         */
        void accept(String name, List<Integer> shape, long first, float[] chunk, int count);
    }

    /**
     * A tensor to write.
     *
     * @param name its name, unique in the file
     * @param shape its dimensions, none negative; empty for a scalar
     * @param source its numbers
     */
    public record Entry(String name, List<Integer> shape, Source source) {

        /** Copies and checks. */
        public Entry {
            shape = List.copyOf(shape);
            if (name.equals(SafetensorsHeader.METADATA) || shape.stream().anyMatch(size -> size < 0)) {
                throw new IllegalArgumentException("no tensor can be named " + name + " with shape " + shape);
            }
        }

        /**
         * A tensor held in an array.
         *
         * @param name its name
         * @param shape its dimensions
         * @param numbers row-major
         * @return the tensor
         * @throws IllegalArgumentException if the shape and the numbers disagree
         */
        public static Entry of(String name, List<Integer> shape, float[] numbers) {
            if (SafetensorsHeader.count(shape) != numbers.length) {
                throw new IllegalArgumentException(name + ": " + numbers.length + " numbers for shape " + shape);
            }
            return new Entry(
                    name,
                    shape,
                    (first, chunk, count) -> System.arraycopy(numbers, Math.toIntExact(first), chunk, 0, count));
        }
    }

    /**
     * A tensor held in memory.
     *
     * @param shape its dimensions
     * @param numbers row-major
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
    public record Tensor(List<Integer> shape, float[] numbers) {}

    /**
     * Writes tensors in the given order.
     *
     * @param out left open
     * @param entries tensors with different names
     * @param metadata free texts for the header; may be empty
     * @throws IOException if writing fails
     * @throws IllegalArgumentException if two tensors share a name
     */
    public static void write(OutputStream out, List<Entry> entries, Map<String, String> metadata) throws IOException {
        byte[] header = header(entries, metadata);
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * CHUNK_NUMBERS).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length);
        out.write(bytes.array(), 0, Long.BYTES);
        out.write(header);
        float[] chunk = new float[CHUNK_NUMBERS];
        for (Entry entry : entries) {
            long length = SafetensorsHeader.count(entry.shape);
            for (long first = 0; first < length; first += CHUNK_NUMBERS) {
                int count = (int) Math.min(CHUNK_NUMBERS, length - first);
                entry.source.read(first, chunk, count);
                bytes.clear().asFloatBuffer().put(chunk, 0, count);
                out.write(bytes.array(), 0, Float.BYTES * count);
            }
        }
        out.flush();
    }

    /**
     * Writes a file, which appears whole or not at all.
     *
     * @param file replaced if it exists
     * @param entries tensors with different names
     * @param metadata free texts for the header; may be empty
     * @throws IOException if writing fails
     */
    public static void write(Path file, List<Entry> entries, Map<String, String> metadata) throws IOException {
        Path partial = file.resolveSibling("." + file.getFileName() + ".incomplete");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial))) {
            write(out, entries, metadata);
        }
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Reads a stream to its end.
     *
     * @param in left open
     * @param place its name, for messages
     * @param sink takes the numbers, tensor after tensor in the order of the file
     * @return the header's free texts
     * @throws IOException if reading fails
     * @throws InputException if it is no safetensors file, is truncated or holds other than float32
     */
    public static Map<String, String> read(InputStream in, String place, Sink sink) throws IOException {
        SafetensorsHeader header = SafetensorsHeader.read(in, place);
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * CHUNK_NUMBERS).order(ByteOrder.LITTLE_ENDIAN);
        float[] chunk = new float[CHUNK_NUMBERS];
        for (SafetensorsHeader.Place tensor : header.tensors()) {
            long length = SafetensorsHeader.count(tensor.shape());
            long first = 0;
            do {
                int count = (int) Math.min(CHUNK_NUMBERS, length - first);
                int got = in.readNBytes(bytes.array(), 0, Float.BYTES * count);
                if (got < Float.BYTES * count) {
                    throw new InputException(place + ": truncated in tensor " + tensor.name() + ": ends at data byte "
                            + (tensor.begin() + Float.BYTES * first + got) + " of " + header.dataBytes()
                            + "; copy or write the file again");
                }
                bytes.clear().asFloatBuffer().get(chunk, 0, count);
                sink.accept(tensor.name(), tensor.shape(), first, chunk, count);
                first += count;
            } while (first < length);
        }
        if (in.read() >= 0) {
            throw new InputException(place + ": more bytes than the " + header.dataBytes()
                    + " data bytes of its header; copy or write the file again");
        }
        return header.metadata();
    }

    /**
     * Reads a stream into memory.
     *
     * @param in left open
     * @param place its name, for messages
     * @return the tensors in the order of the file
     * @throws IOException if reading fails
     * @throws InputException as {@link #read(InputStream, String, Sink)}, or if a tensor does not fit an array
     */
    public static Map<String, Tensor> read(InputStream in, String place) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        read(in, place, (name, shape, first, chunk, count) -> {
            if (first == 0) {
                tensors.put(name, new Tensor(shape, allocate(place, name, shape)));
            }
            float[] numbers = java.util.Objects.requireNonNull(tensors.get(name)).numbers;
            System.arraycopy(chunk, 0, numbers, Math.toIntExact(first), count);
        });
        return tensors;
    }

    /**
     * Reads a file into memory.
     *
     * @param file the file
     * @return the tensors in the order of the file
     * @throws IOException if reading fails
     * @throws InputException as {@link #read(InputStream, String)}
     */
    public static Map<String, Tensor> read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in, file.toString());
        }
    }

    private static float[] allocate(String place, String name, List<Integer> shape) {
        long length = SafetensorsHeader.count(shape);
        if (length > Integer.MAX_VALUE - 8) {
            throw new InputException(
                    place + ": tensor " + name + " with shape " + shape + " does not fit an array; read it in parts");
        }
        return new float[(int) length];
    }

    private static byte[] header(List<Entry> entries, Map<String, String> metadata) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = root.putObject(SafetensorsHeader.METADATA);
            metadata.forEach(texts::put);
        }
        Set<String> names = new HashSet<>();
        long begin = 0;
        for (Entry entry : entries) {
            if (!names.add(entry.name)) {
                throw new IllegalArgumentException("two tensors named " + entry.name);
            }
            long end = begin + Float.BYTES * SafetensorsHeader.count(entry.shape);
            ObjectNode tensor = root.putObject(entry.name).put("dtype", SafetensorsHeader.FLOAT32);
            tensor.set("shape", JSON.valueToTree(new ArrayList<>(entry.shape)));
            tensor.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        String json = JSON.writeValueAsString(root);
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }
}
