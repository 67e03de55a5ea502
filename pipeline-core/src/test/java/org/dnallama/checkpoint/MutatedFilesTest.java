package org.dnallama.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged headers and indexes: each is read without complaint or refused with a message, and nothing else happens. */
@Timeout(120)
final class MutatedFilesTest {

    private static final int MUTATIONS = 4_000;
    private static final byte[] LIKELY =
            "0123456789-{}[]\",:.eE truFAB\\u\0\u007f".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    private static final LlamaConfig SHAPE = new LlamaConfig(8, 4, 1, 2, 1, 6, 16, 10000, 1e-5, false);

    @TempDir
    private Path folder;

    private final Backend backend = new VectorBackend();

    private LocalStorage model(long shardBytes) throws IOException {
        LocalStorage storage = new LocalStorage(folder);
        try (Parameters theta = LlamaLayout.initialize(backend, SHAPE, Head.LANGUAGE_MODEL, 0.5, new Seeds(1))) {
            new WeightFormat(Dtype.BF16, shardBytes).write(storage, theta);
        }
        return storage;
    }

    /** Some bytes changed, doubled, removed or swapped for digits, at places below the bound. */
    private static byte[] mutated(byte[] good, int bound, SplittableRandom random) {
        byte[] bytes = good.clone();
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            int at = random.nextInt(Math.min(bound, bytes.length));
            int length = Math.min(1 + random.nextInt(12), bytes.length - at);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = LIKELY[random.nextInt(LIKELY.length)];
                case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 3 -> bytes = join(Arrays.copyOf(bytes, at + length), Arrays.copyOfRange(bytes, at, bytes.length));
                default -> bytes = join(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + length, bytes.length));
            }
        }
        return bytes;
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** True if it is read, false if it is refused; any other exception fails the test with the seed. */
    private static boolean survives(int seed, Reading reading) {
        try {
            reading.run();
            return true;
        } catch (InputException e) {
            assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
            return false;
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError("seed " + seed + " gives " + e, e);
        }
    }

    private interface Reading {
        void run() throws IOException;
    }

    private void load(Storage storage) {
        new ModelWeights(storage, SHAPE, Head.LANGUAGE_MODEL, Pooling.LAST)
                .load(backend, SHAPE, LlamaLayout.groups(SHAPE, Head.LANGUAGE_MODEL), new Seeds(0))
                .close();
    }

    @Test
    void headersMappedStreamedAndInMemory() throws IOException {
        LocalStorage storage = model(Long.MAX_VALUE);
        Path file = folder.resolve(WeightFiles.SINGLE);
        byte[] good = Files.readAllBytes(file);
        int header =
                8 + (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int clean = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            // Every fourth mutant has its length made right again, so that the damage lies in the JSON.
            byte[] bad = mutated(good, header, new SplittableRandom(seed));
            if (seed % 4 == 0 && bad.length > good.length - header) {
                ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putLong(bad.length - 8L - (good.length - header));
            }
            Files.write(file, bad);
            boolean mapped = survives(seed, () -> load(storage));
            boolean streamed = survives(seed, () -> load(new Unmapped(storage)));
            assertThat(streamed).as("seed %d", seed).isEqualTo(mapped);
            survives(seed, () -> Safetensors.read(new ByteArrayInputStream(bad), "x"));
            clean += mapped ? 1 : 0;
        }
        // Both ends occur: spaces of the padding may change, names may not.
        assertThat(clean).isBetween(1, MUTATIONS / 2);
    }

    @Test
    void indexes() throws IOException {
        LocalStorage storage = model(100);
        Path index = folder.resolve(WeightFiles.INDEX);
        byte[] good = Files.readAllBytes(index);
        int clean = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Files.write(index, mutated(good, good.length, new SplittableRandom(seed)));
            clean += survives(seed, () -> load(storage)) ? 1 : 0;
        }
        assertThat(clean).isBetween(1, MUTATIONS / 2);
    }

    /** A header of deep nesting, of long numbers, and of shapes whose product overflows. */
    @Test
    void headersMadeToHurt() throws IOException {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        String digits =
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[0,4]}}".formatted("9".repeat(5_000));
        String large = "{\"a\":{\"dtype\":\"F16\",\"shape\":[2147483647,2147483647,2],"
                + "\"data_offsets\":[0,9223372036854775807]}}";
        String product = large.replace(",2]", ",2147483647]");
        for (String header : new String[] {deep, digits, large, product}) {
            byte[] json = header.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            byte[] bytes = ByteBuffer.allocate(8 + json.length + 4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .put(json)
                    .array();
            Files.write(folder.resolve("x"), bytes);
            LocalStorage storage = new LocalStorage(folder);
            assertThat(survives(0, () -> TensorFile.open(storage, "x"))).isFalse();
            assertThat(survives(0, () -> Safetensors.read(new ByteArrayInputStream(bytes), "x")))
                    .isFalse();
        }
    }
}
