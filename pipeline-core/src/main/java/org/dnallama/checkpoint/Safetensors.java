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
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.dnallama.config.InputException;

/**
 * Named tensors in the safetensors format: the header's length in bytes (8 bytes, little-endian), the header (JSON,
 * padded with spaces to a multiple of 8), then the tensors' numbers, little-endian, row-major, without gaps. Numbers
 * are float32 in memory and {@link Dtype} in the file; they pass through in chunks, so neither direction holds the
 * model a second time.
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
     * @param dtype how its numbers are stored
     * @param shape its dimensions, none negative; empty for a scalar
     * @param source its numbers
     */
    public record Entry(String name, Dtype dtype, List<Integer> shape, Source source) {

        /** Copies and checks. */
        public Entry {
            shape = List.copyOf(shape);
            if (name.equals(SafetensorsHeader.METADATA) || shape.stream().anyMatch(size -> size < 0)) {
                throw new IllegalArgumentException("no tensor can be named " + name + " with shape " + shape);
            }
        }

        /**
         * A tensor that is stored as float32.
         *
         * @param name its name, unique in the file
         * @param shape its dimensions, none negative; empty for a scalar
         * @param source its numbers
         */
        public Entry(String name, List<Integer> shape, Source source) {
            this(name, Dtype.F32, shape, source);
        }

        /** Bytes of its numbers in the file. */
        long bytes() {
            return dtype.bytes() * SafetensorsHeader.count(shape);
        }

        /**
         * A float32 tensor held in an array.
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
     * @throws InputException if a number is too large for the type that it is to be stored in
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
                checkRange(entry, chunk, count);
                entry.dtype.encode(chunk, bytes.clear(), count);
                out.write(bytes.array(), 0, entry.dtype.bytes() * count);
            }
        }
        out.flush();
    }

    private static void checkRange(Entry entry, float[] chunk, int count) {
        for (int i = 0; i < count; i++) {
            if (entry.dtype.overflows(chunk[i])) {
                throw new InputException("tensor %s holds %s, which is too large for %s; choose another type"
                        .formatted(entry.name, chunk[i], entry.dtype.torchName()));
            }
        }
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
     * @throws InputException if it is no safetensors file, is truncated or holds another type of number than
     *     {@link Dtype} knows
     */
    public static Map<String, String> read(InputStream in, String place, Sink sink) throws IOException {
        SafetensorsHeader header = SafetensorsHeader.read(in, place);
        StreamedBytes bytes = new StreamedBytes(in, header, place); // not closed: the stream is the caller's
        pour(header, bytes, name -> true, sink);
        bytes.checkEnd();
        return header.metadata();
    }

    /** Hands the wanted tensors over, in the order of the file. */
    static void pour(SafetensorsHeader header, TensorBytes bytes, Predicate<String> wanted, Sink sink)
            throws IOException {
        float[] chunk = new float[CHUNK_NUMBERS];
        for (SafetensorsHeader.Place tensor : header.tensors()) {
            if (!wanted.test(tensor.name())) {
                continue;
            }
            long length = tensor.length();
            long first = 0;
            do {
                int count = (int) Math.min(CHUNK_NUMBERS, length - first);
                int width = tensor.dtype().bytes();
                tensor.dtype().decode(bytes.at(tensor, width * first, width * count), chunk, count);
                sink.accept(tensor.name(), tensor.shape(), first, chunk, count);
                first += count;
            } while (first < length);
        }
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
        read(in, place, collector(tensors, place));
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

    private static Sink collector(Map<String, Tensor> tensors, String place) {
        return (name, shape, first, chunk, count) -> {
            long length = SafetensorsHeader.count(shape);
            if (length > Integer.MAX_VALUE - 8) {
                throw new InputException(place + ": tensor " + name + " with shape " + shape
                        + " does not fit an array; read it in parts");
            }
            Tensor known = tensors.get(name);
            float[] numbers = known == null ? new float[0] : known.numbers;
            int end = Math.toIntExact(first + count);
            if (end > numbers.length) {
                // Memory grows with what was read: a header alone, which may be damaged, makes no large array.
                numbers = Arrays.copyOf(numbers, (int) Math.min(length, Math.max(end, 2L * numbers.length)));
            }
            System.arraycopy(chunk, 0, numbers, Math.toIntExact(first), count);
            tensors.put(name, new Tensor(shape, numbers));
        };
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
            long end = begin + entry.bytes();
            ObjectNode tensor = root.putObject(entry.name).put("dtype", entry.dtype.name());
            tensor.set("shape", JSON.valueToTree(new ArrayList<>(entry.shape)));
            tensor.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        String json = JSON.writeValueAsString(root);
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }
}
