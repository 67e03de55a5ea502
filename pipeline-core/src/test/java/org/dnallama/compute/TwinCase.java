package org.dnallama.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.dnallama.config.Seeds;

/**
 * One seeded case of the contract: each buffer exists twice, in the tested backend and in the reference, with the same
 * float32 values. A case looks at every buffer as a whole, so that a kernel that touches an input, the gap between two
 * rows or the neighbourhood of a slice is found out too.
 */
final class TwinCase implements AutoCloseable {

    /**
     * float32 rounds by 2^-24 = 6e-8 of a value. The longest sums have 70 terms of size about 1 and a handful of
     * roundings each; a worst case of 70 * 70 * 6e-8 = 3e-4 never happens, because roundings fall both ways: about
     * sqrt(70) * 8 * 6e-8 = 4e-6. A wrong formula is wrong by about 1.
     */
    static final double TOLERANCE = 2e-5;

    /** A buffer that exists twice, inside larger memory. */
    record Twin(Buffer testedWhole, Buffer referenceWhole, int offset, int length) {
        Buffer on(Backend backend) {
            Buffer whole = backend instanceof ReferenceBackend ? referenceWhole : testedWhole;
            return whole.slice(offset, length);
        }
    }

    /** A matrix that exists twice. */
    record TwinMatrix(Twin twin, int rows, int columns, int stride) {
        Matrix on(Backend backend) {
            return new Matrix(twin.on(backend), rows, columns, stride);
        }
    }

    private final Backend tested;
    private final ReferenceBackend reference = new ReferenceBackend();
    private final java.util.random.RandomGenerator random;
    private final List<Twin> twins = new ArrayList<>();

    private TwinCase(Backend tested, long seed) {
        this.tested = tested;
        this.random = new Seeds(seed).stream("twin-case");
    }

    /** Runs a body for many seeds and names the one that fails. */
    static void forEachSeed(Backend tested, int seeds, Consumer<TwinCase> body) {
        for (long seed = 0; seed < seeds; seed++) {
            try (TwinCase twinCase = new TwinCase(tested, seed)) {
                body.accept(twinCase);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** From 1 to most; 1 comes often, because it is where loops go wrong. */
    int size(int most) {
        return random.nextInt(5) == 0 ? 1 : 1 + random.nextInt(most);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    double between(double low, double high) {
        return random.nextDouble(low, high);
    }

    long key() {
        return random.nextLong();
    }

    <E> E oneOf(List<E> values) {
        return values.get(random.nextInt(values.size()));
    }

    Into into() {
        return oneOf(List.of(Into.SET, Into.ADD));
    }

    int[] integers(int length, int from, int to) {
        return random.ints(length, from, to).toArray();
    }

    Twin numbers(int length) {
        return twin(length, random::nextGaussian);
    }

    Twin positive(int length) {
        return twin(length, () -> random.nextDouble(0.1, 2));
    }

    TwinMatrix dense(int rows, int columns) {
        return new TwinMatrix(numbers(rows * columns), rows, columns, columns);
    }

    TwinMatrix strided(int rows, int columns) {
        int stride = columns + random.nextInt(4);
        return new TwinMatrix(numbers((rows - 1) * stride + columns), rows, columns, stride);
    }

    private Twin twin(int length, java.util.function.DoubleSupplier values) {
        int offset = random.nextInt(4);
        float[] numbers = new float[offset + length + random.nextInt(4)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) values.getAsDouble();
        }
        Twin twin = new Twin(tested.allocate(numbers.length), reference.allocate(numbers.length), offset, length);
        tested.write(twin.testedWhole, numbers);
        reference.write(twin.referenceWhole, numbers);
        twins.add(twin);
        return twin;
    }

    /** Runs a kernel on both backends, and on the tested one twice, and compares all that there is. */
    void compare(Consumer<Backend> kernel) {
        compareValue(backend -> {
            kernel.accept(backend);
            return 0;
        });
    }

    /** The same for a kernel that returns a number. */
    void compareValue(ToDoubleFunction<Backend> kernel) {
        List<float[]> before = memory(tested);
        double value = kernel.applyAsDouble(tested);
        List<float[]> after = memory(tested);

        for (int i = 0; i < twins.size(); i++) {
            tested.write(twins.get(i).testedWhole, before.get(i));
        }
        assertThat(kernel.applyAsDouble(tested)).as("value, again").isEqualTo(value);
        List<float[]> again = memory(tested);
        for (int i = 0; i < twins.size(); i++) {
            assertThat(again.get(i)).as("bits of buffer %d, again", i).isEqualTo(after.get(i));
        }

        double expected = kernel.applyAsDouble(reference);
        assertThat(value).as("value").isCloseTo(expected, within(TOLERANCE * (1 + Math.abs(expected))));
        for (int i = 0; i < twins.size(); i++) {
            double[] wanted = ReferenceBackend.values(twins.get(i).referenceWhole);
            for (int j = 0; j < wanted.length; j++) {
                assertThat((double) after.get(i)[j])
                        .as("buffer %d of the case, number %d", i, j)
                        .isCloseTo(wanted[j], within(TOLERANCE * (1 + Math.abs(wanted[j]))));
            }
        }
    }

    private List<float[]> memory(Backend backend) {
        List<float[]> memory = new ArrayList<>();
        for (Twin twin : twins) {
            float[] numbers = new float[(int) twin.testedWhole.length()];
            backend.read(twin.testedWhole, numbers);
            memory.add(numbers);
        }
        return memory;
    }

    @Override
    public void close() {
        twins.forEach(twin -> twin.testedWhole.close());
    }
}
