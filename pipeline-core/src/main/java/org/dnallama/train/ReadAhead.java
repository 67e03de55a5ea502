package org.dnallama.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.shard.StoredRows;

/**
 * Stored windows of which only those are in memory that are drawn from now, and those that come next, which are read
 * meanwhile. Of a genome of any length that is at most twice {@link #TOKENS}, over all ranks together.
 */
public final class ReadAhead implements Windows {

    /**
     * Tokens, about, that a step of all ranks draws from. The order of rows follows from it, so that another number
     * makes another run of the same seed, if there are more tokens than this.
     */
    static final long TOKENS = 32L << 20;

    private final StoredRows stored;
    private final long tokens;
    /** What is in memory, or is being read. */
    private Map<Stripes.Range, CompletableFuture<List<MaskedTokens>>> parts = new LinkedHashMap<>();

    /**
     * Windows that lie in files.
     *
     * @param stored the files
     */
    public ReadAhead(StoredRows stored) {
        this(stored, TOKENS);
    }

    ReadAhead(StoredRows stored, long tokens) {
        this.stored = stored;
        this.tokens = tokens;
    }

    @Override
    public int size() {
        return stored.size();
    }

    @Override
    public int parts() {
        return Math.toIntExact(Math.max(1, (stored.tokens() + tokens - 1) / tokens));
    }

    /** Begins to read what is not there yet, in this order, and forgets the rest. */
    @Override
    public void expect(List<Stripes.Range> ranges, Executor reader) {
        Map<Stripes.Range, CompletableFuture<List<MaskedTokens>>> wanted = new LinkedHashMap<>();
        for (Stripes.Range range : ranges) {
            CompletableFuture<List<MaskedTokens>> there = parts.remove(range);
            if (there != null) {
                wanted.put(range, there);
            }
        }
        // What nobody waits for any more is not to be read.
        parts.values().forEach(part -> part.cancel(false));
        for (Stripes.Range range : ranges) {
            wanted.computeIfAbsent(
                    range, part -> CompletableFuture.supplyAsync(() -> stored.read(part.from(), part.to()), reader));
        }
        parts = wanted;
    }

    @Override
    public MaskedTokens get(int number) {
        for (Map.Entry<Stripes.Range, CompletableFuture<List<MaskedTokens>>> part : parts.entrySet()) {
            if (part.getKey().contains(number)) {
                return joined(part.getValue()).get(number - part.getKey().from());
            }
        }
        throw new IllegalStateException("row %d is in none of the parts %s".formatted(number, parts.keySet()));
    }

    private static List<MaskedTokens> joined(CompletableFuture<List<MaskedTokens>> part) {
        try {
            return part.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
