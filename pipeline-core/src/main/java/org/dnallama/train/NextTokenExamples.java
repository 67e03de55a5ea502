package org.dnallama.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.Extensions;
import org.dnallama.model.TokenRow;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.token.Tokenizer;

/** Windows for next-token prediction, of which soft-masked tokens count less. */
public final class NextTokenExamples implements Examples {

    private final Windows windows;
    private final Tokenizer tokenizer;
    private final SoftMaskRule softMask;

    /**
     * Windows for a plain model.
     *
     * @param windows the rows
     * @param tokenizer gives begin, end and padding
     * @param softMask how much soft-masked tokens count
     */
    public NextTokenExamples(Windows windows, Tokenizer tokenizer, SoftMaskRule softMask) {
        this.windows = windows;
        this.tokenizer = tokenizer;
        this.softMask = softMask;
    }

    @Override
    public int size() {
        return windows.size();
    }

    @Override
    public int parts() {
        return windows.parts();
    }

    @Override
    public void expect(List<Stripes.Range> ranges, Executor reader) {
        windows.expect(ranges, reader);
    }

    @Override
    public Batch batch(long position, int[] rows) {
        List<TokenRow> read = new ArrayList<>();
        List<int[]> targets = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            MaskedTokens window = windows.get(rows[i]);
            int[] document = Examples.document(window.tokens(), tokenizer);
            int[] next = Arrays.copyOfRange(document, 1, document.length + 1);
            next[document.length - 1] = -1;
            softMask.thin(next, window.softMasked(), 0, position + i);
            read.add(TokenRow.plain(document));
            targets.add(next);
        }
        return Batches.tokenTargets(read, tokenizer.padId(), Extensions.NONE, targets);
    }
}
