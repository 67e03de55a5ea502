package org.dnallama.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Named tensors in buckets. Optimizers and all-reduce walk the buckets; the model asks for tensors by name. Tensors lie
 * in the order in which they were declared within their kind of bucket (decayed, not decayed), so neighbours such as q,
 * k and v can be seen as one matrix. A bucket holds at most 4 MiB of float32, or one larger group of tensors: small
 * enough that most of a gradient is on its way to other ranks while the rest is still computed.
 */
public final class Parameters implements AutoCloseable {

    /** Most numbers in a bucket of several tensors. */
    public static final long BUCKET_NUMBERS = 1L << 20;

    /**
     * One contiguous piece of parameter memory.
     *
     * @param buffer its numbers
     * @param decay whether weight decay applies
     * @param block of its gradient nothing is left to add when a backward pass is done with this block, as
     *     {@link Objective} tells it; -1 if only the pass's end says so
     */
    public record Bucket(Buffer buffer, TensorSpec.Decay decay, int block) {}

    private record Place(TensorSpec spec, int bucket, long offset) {}

    private final Backend backend;
    private final List<List<TensorSpec>> groups;
    private final List<Bucket> buckets = new ArrayList<>();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final @Nullable LoraBase base;

    /**
     * Allocates zeros for tensors.
     *
     * @param backend where they live
     * @param groups tensors in order; those of one group are neighbours in memory and share their decay
     */
    public Parameters(Backend backend, List<List<TensorSpec>> groups) {
        this(backend, groups, null);
    }

    /** The same over frozen weights, which are closed with these. */
    Parameters(Backend backend, List<List<TensorSpec>> groups, @Nullable LoraBase base) {
        this(backend, groups, base, backend::allocate);
    }

    private Parameters(
            Backend backend, List<List<TensorSpec>> groups, @Nullable LoraBase base, LongFunction<Buffer> memory) {
        this.backend = backend;
        this.base = base;
        this.groups = List.copyOf(groups);
        for (TensorSpec.Decay decay : TensorSpec.Decay.values()) {
            long filled = 0;
            int first = buckets.size();
            List<Long> lengths = new ArrayList<>();
            List<Integer> blocks = new ArrayList<>();
            int reached = -1;
            for (List<TensorSpec> group : groups) {
                int block = LlamaLayout.block(group.get(0).name());
                reached = Math.max(reached, block);
                if (group.get(0).decay() != decay) {
                    continue;
                }
                long length = group.stream().mapToLong(TensorSpec::length).sum();
                if (lengths.isEmpty() || filled + length > BUCKET_NUMBERS) {
                    lengths.add(0L);
                    // What stands on top of the blocks counts as one more.
                    blocks.add(block < 0 && reached >= 0 ? reached + 1 : block);
                    filled = 0;
                }
                for (TensorSpec spec : group) {
                    places.put(spec.name(), new Place(spec, first + lengths.size() - 1, filled));
                    filled += spec.length();
                }
                lengths.set(lengths.size() - 1, filled);
            }
            for (int i = 0; i < lengths.size(); i++) {
                buckets.add(new Bucket(memory.apply(lengths.get(i)), decay, blocks.get(i)));
            }
        }
    }

    /**
     * Tensors in memory that is there already, with its numbers: the decayed ones in order, then the others, without
     * gaps.
     *
     * @param backend whose memory it is
     * @param groups tensors in order, as for the constructor
     * @param flat as long as all tensors together; it must outlive the parameters, whose closing does not free it
     * @return parameters that are slices of it
     * @throws IllegalArgumentException if the length is another
     */
    public static Parameters over(Backend backend, List<List<TensorSpec>> groups, Buffer flat) {
        AtomicLong used = new AtomicLong();
        Parameters parameters =
                new Parameters(backend, groups, null, length -> flat.slice(used.getAndAdd(length), length));
        if (used.get() != flat.length()) {
            throw new IllegalArgumentException(
                    "tensors of %d numbers over memory of %d".formatted(used.get(), flat.length()));
        }
        return parameters;
    }

    /**
     * Zeros of the same layout, with nothing frozen.
     *
     * @return new memory, to be closed by the caller
     */
    public Parameters zerosLike() {
        return new Parameters(backend, groups);
    }

    /**
     * The backend that holds them.
     *
     * @return the backend
     */
    public Backend backend() {
        return backend;
    }

    /**
     * The frozen weights, if there are any.
     *
     * @return what the adapters stand beside
     */
    public Optional<LoraBase> base() {
        return Optional.ofNullable(base);
    }

    /**
     * Dropout in training of the adapters' inputs.
     *
     * @return the rate; 0 if there are no adapters
     */
    public double adapterDropout() {
        return base == null ? 0 : base.settings().dropout();
    }

    /**
     * Whether a tensor lies in the buckets.
     *
     * @param name its name
     * @return false if it is frozen or not there at all
     */
    public boolean has(String name) {
        return places.containsKey(name);
    }

    /** The tensors, in the groups in which they were declared. */
    List<List<TensorSpec>> groups() {
        return groups;
    }

    /**
     * The pieces of memory, in a fixed order.
     *
     * @return the buckets
     */
    public List<Bucket> buckets() {
        return java.util.Collections.unmodifiableList(buckets);
    }

    /**
     * The tensors, in the order of declaration.
     *
     * @return names and shapes
     */
    public List<TensorSpec> specs() {
        return groups.stream().flatMap(List::stream).toList();
    }

    /**
     * Numbers in all tensors.
     *
     * @return the parameter count
     */
    public long count() {
        return specs().stream().mapToLong(TensorSpec::length).sum();
    }

    /**
     * One tensor's numbers.
     *
     * @param name its name
     * @return a slice of its bucket, or of the frozen weights
     * @throws IllegalArgumentException if there is no such tensor
     */
    public Buffer buffer(String name) {
        if (base != null && !has(name)) {
            return base.buffer(name);
        }
        Place place = place(name);
        return buckets.get(place.bucket).buffer().slice(place.offset, place.spec.length());
    }

    /** The numbers of a whole group of these parameters. */
    Buffer buffer(List<TensorSpec> group) {
        Place place = place(group.get(0).name());
        long length = group.stream().mapToLong(TensorSpec::length).sum();
        return buckets.get(place.bucket).buffer().slice(place.offset, length);
    }

    /**
     * One matrix, or several neighbours of equal width stacked.
     *
     * @param names a tensor, and the tensors declared right after it in its group
     * @return a dense matrix of all their rows
     * @throws IllegalArgumentException if they are not neighbours or differ in width
     */
    public Matrix matrix(String... names) {
        if (base != null && !has(names[0])) {
            return base.matrix(names);
        }
        Place first = place(names[0]);
        int columns = first.spec.shape().get(1);
        int rows = 0;
        long end = first.offset;
        for (String name : names) {
            Place place = place(name);
            if (place.bucket != first.bucket
                    || place.offset != end
                    || place.spec.shape().get(1) != columns) {
                throw new IllegalArgumentException(name + " does not follow its neighbour in memory");
            }
            rows += place.spec.shape().get(0);
            end += place.spec.length();
        }
        return Matrix.of(buckets.get(first.bucket).buffer().slice(first.offset, end - first.offset), rows, columns);
    }

    /**
     * Copies all numbers.
     *
     * @param source parameters of the same layout
     */
    public void copyFrom(Parameters source) {
        for (int i = 0; i < buckets.size(); i++) {
            backend.copy(buckets.get(i).buffer(), source.buckets.get(i).buffer());
        }
    }

    @Override
    public void close() {
        buckets.forEach(bucket -> bucket.buffer().close());
        if (base != null) {
            base.close();
        }
    }

    private Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("no tensor named " + name + "; there are " + places.keySet());
        }
        return place;
    }
}
