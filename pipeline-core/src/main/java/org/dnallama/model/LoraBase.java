package org.dnallama.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Bfloat16;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.HalfPrecision;
import org.dnallama.compute.Matrix;
import org.dnallama.config.Digests;

/**
 * The frozen weights that adapters stand beside. They are read and never written, have no gradients, and no optimizer
 * or all-reduce sees them. The blocks' matrices may rest in bfloat16; gains, embedding and head stay float32, because
 * they are small or are read in parts.
 */
public final class LoraBase implements AutoCloseable {

    private static final int PIECE = 1 << 20;

    /** Neighbours in the layout, rounded as one. */
    private record Resting(List<TensorSpec> group, Bfloat16 numbers) {}

    private final Backend backend;
    private final LoraSettings settings;
    private final List<List<TensorSpec>> groups;
    private final Parameters wide;
    private final Map<String, Resting> resting = new HashMap<>();
    private final Map<String, Integer> outputs = new HashMap<>();

    /** Copies what the settings freeze out of a whole model's parameters. */
    LoraBase(Parameters whole, LoraSettings settings) {
        this.backend = whole.backend();
        this.settings = settings;
        this.groups = whole.groups();
        whole.specs().forEach(spec -> outputs.put(spec.name(), spec.shape().get(0)));
        List<List<TensorSpec>> float32 = new ArrayList<>();
        for (List<TensorSpec> group : groups) {
            String first = group.get(0).name();
            if (settings.saves(first)) {
                continue;
            }
            if (settings.frozen() == LoraSettings.Precision.BFLOAT16 && first.endsWith("_proj.weight")) {
                resting.put(first, new Resting(group, Bfloat16.of(backend, whole.buffer(group))));
            } else {
                float32.add(group);
            }
        }
        wide = new Parameters(backend, float32);
        float32.forEach(group -> backend.copy(wide.buffer(group), whole.buffer(group)));
    }

    /**
     * How the adapters are made.
     *
     * @return the settings
     */
    public LoraSettings settings() {
        return settings;
    }

    /**
     * Numbers that do not move in training.
     *
     * @return how many
     */
    public long count() {
        return wide.count()
                + resting.values().stream()
                        .mapToLong(each -> each.numbers.length())
                        .sum();
    }

    /**
     * Tells bases of one shape apart. Each number counts as the nearest bfloat16, so that it is the same however they
     * rest.
     *
     * @return SHA-256 of the frozen tensors' names and numbers, in the layout's order, as hexadecimal digits
     */
    public String sha256() {
        MessageDigest digest = Digests.sha256();
        try (Scratch scratch = new Scratch(backend)) {
            for (List<TensorSpec> group : groups) {
                if (settings.saves(group.get(0).name())) {
                    continue;
                }
                group.forEach(spec -> digest.update(spec.name().getBytes(StandardCharsets.UTF_8)));
                long length = group.stream().mapToLong(TensorSpec::length).sum();
                int columns = group.get(0).shape().get(group.get(0).shape().size() - 1);
                Buffer numbers = scratch.matrix(Math.toIntExact(length / columns), columns)
                        .buffer();
                read(group, numbers);
                update(digest, numbers, length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void update(MessageDigest digest, Buffer numbers, long length) {
        for (long at = 0; at < length; at += PIECE) {
            float[] piece = new float[(int) Math.min(PIECE, length - at)];
            backend.read(numbers.slice(at, piece.length), piece);
            ByteBuffer bytes = ByteBuffer.allocate(piece.length * Short.BYTES);
            for (float number : piece) {
                bytes.putShort(HalfPrecision.toBfloat16(number));
            }
            digest.update(bytes.flip());
        }
    }

    /** The whole model's tensors: the frozen ones and those that are trained in place of frozen ones. */
    List<List<TensorSpec>> groups() {
        return groups;
    }

    /** A frozen tensor that lies in float32. */
    Buffer buffer(String name) {
        return wide.buffer(name);
    }

    /** Frozen neighbours that lie in float32, as one matrix. */
    Matrix matrix(String... names) {
        return wide.matrix(names);
    }

    /** Columns that a frozen weight's product has. */
    int outputs(String weight) {
        return Objects.requireNonNull(outputs.get(weight), weight);
    }

    /** Whether a group rests in bfloat16, so that it must be widened before use. */
    boolean rests(String first) {
        return resting.containsKey(first);
    }

    /** A resting group as one matrix in scratch memory, valid until the scratch is used again. */
    Matrix widen(Scratch scratch, String first) {
        Resting found = Objects.requireNonNull(resting.get(first), first);
        int columns = found.group.get(0).shape().get(1);
        Matrix matrix = scratch.matrix(Math.toIntExact(found.numbers.length() / columns), columns);
        found.numbers.widen(backend, matrix.buffer());
        return matrix;
    }

    /** Copies a whole group into float32. */
    void read(List<TensorSpec> group, Buffer target) {
        Resting found = resting.get(group.get(0).name());
        if (found == null) {
            backend.copy(target, wide.buffer(group));
        } else {
            found.numbers.widen(backend, target);
        }
    }

    @Override
    public void close() {
        wide.close();
    }
}
