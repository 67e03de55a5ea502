package org.dnallama.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.DropoutRates;
import org.dnallama.model.Head;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.train.Branches;
import org.dnallama.train.Lanes;
import org.dnallama.train.LocalGradientField;
import org.dnallama.train.MicroBatches;

/** A small language model in float32, on the kernels that train, and numbers in and out of its parameters. */
final class TinyModel {

    static final LlamaConfig SHAPE = new LlamaConfig(40, 32, 2, 4, 2, 48, 24, 10000, 1e-5, false);
    static final Backend BACKEND = new VectorBackend();

    private TinyModel() {}

    /** Its parameters, always the same. */
    static Parameters weights() {
        return LlamaLayout.initialize(BACKEND, SHAPE, Head.LANGUAGE_MODEL, 0.1, new Seeds(2));
    }

    /** Rows of random tokens below a bound. */
    static Batch batch(int rows, int bound, long index) {
        RandomGenerator random = new Seeds(4).stream("tokens", index);
        List<int[]> tokens = new ArrayList<>();
        for (int r = 0; r < rows; r++) {
            tokens.add(random.ints(20, 1, bound).toArray());
        }
        return Batches.languageModel(tokens, 0);
    }

    /** One model a lane. */
    static Lanes<LanguageModel> lanes(int count) {
        return new Lanes<>(count, () -> new LanguageModel(BACKEND, SHAPE));
    }

    /** The loss of micro-batches, added up on a model's lanes. */
    static LocalGradientField field(Lanes<LanguageModel> lanes, Parameters theta, List<Batch> batches) {
        LocalGradientField field =
                new LocalGradientField(lanes, theta, new Branches(1, 1), DropoutRates.NONE, new Seeds(3));
        field.begin(new MicroBatches(1, 0, batches));
        return field;
    }

    static float[] numbers(Buffer buffer) {
        float[] numbers = new float[Math.toIntExact(buffer.length())];
        BACKEND.read(buffer, numbers);
        return numbers;
    }

    static double[] doubles(Buffer buffer) {
        float[] numbers = numbers(buffer);
        double[] wide = new double[numbers.length];
        Arrays.setAll(wide, i -> numbers[i]);
        return wide;
    }

    /** Rounds each number once. */
    static void put(Buffer buffer, double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        BACKEND.write(buffer, narrow);
    }

    /** All numbers, bucket after bucket. */
    static double[] values(Parameters parameters) {
        return parameters.buckets().stream()
                .flatMapToDouble(bucket -> DoubleStream.of(doubles(bucket.buffer())))
                .toArray();
    }

    /** Sets all numbers, bucket after bucket, each rounded once. */
    static void set(Parameters parameters, double[] values) {
        int at = 0;
        for (Parameters.Bucket bucket : parameters.buckets()) {
            int length = Math.toIntExact(bucket.buffer().length());
            put(bucket.buffer(), Arrays.copyOfRange(values, at, at + length));
            at += length;
        }
    }
}
