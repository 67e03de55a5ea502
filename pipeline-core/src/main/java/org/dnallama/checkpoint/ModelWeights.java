package org.dnallama.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnallama.compute.Backend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;

/**
 * The weights in a model folder.
 *
 * @param storage the folder
 * @param stored shape of the model there
 * @param storedHead what stands on top there
 */
record ModelWeights(Storage storage, LlamaConfig stored, Head storedHead) {

    /** Of a new head's matrix. */
    private static final double HEAD_STD = 0.02;

    /** Tables with a row a token. */
    static final List<String> TABLES = List.of(LlamaLayout.EMBEDDING, LlamaLayout.LM_HEAD);

    /**
     * Loads them. Where the wanted head differs from the stored one, the new head starts from random values; where the
     * wanted vocabulary is larger, the new rows start from zero.
     *
     * @param config the wanted shape; but for the vocabulary it is the stored one
     * @return parameters, to be closed by the caller
     * @throws InputException if files are missing or damaged, or tensors missing, unknown or of another shape
     */
    Parameters load(Backend backend, LlamaConfig config, Head wanted, Seeds seeds) {
        Parameters theta = new Parameters(backend, LlamaLayout.groups(config, wanted));
        try {
            Set<String> fresh = wanted == storedHead ? Set.of() : heads(wanted);
            TensorTargets targets = new TensorTargets(Map.of("", theta), fresh);
            TABLES.forEach(table -> targets.expectRows(table, stored.vocabularySize()));
            for (TensorSpec spec : theta.specs()) {
                if (fresh.contains(spec.name())) {
                    LlamaLayout.initialize(theta, spec, config, HEAD_STD, seeds);
                }
            }
            List<TensorFile> files = WeightFiles.open(storage);
            targets.fill(files, place(files), this::derivedOrOtherHead);
            return theta;
        } catch (IOException e) {
            theta.close();
            throw new InputException(storage.describe() + ": weights cannot be read: " + e.getMessage(), e);
        } catch (InputException e) {
            theta.close();
            throw e;
        }
    }

    /**
     * Which tensors of which files make the model, as they are stored, all names and shapes compared.
     *
     * @param files the model's
     * @return the expected tensors
     * @throws InputException if tensors are missing, unknown or of another shape
     */
    ExpectedTensors check(List<TensorFile> files) {
        ExpectedTensors expected = new ExpectedTensors(Set.of());
        LlamaLayout.groups(stored, storedHead)
                .forEach(group -> group.forEach(spec -> expected.add(spec.name(), spec.shape())));
        expected.compare(files, place(files), this::derivedOrOtherHead);
        return expected;
    }

    private String place(List<TensorFile> files) {
        return files.size() == 1 ? files.get(0).place() : storage.describe();
    }

    private static Set<String> heads(Head head) {
        return Set.of(head == Head.CLASSIFIER ? LlamaLayout.SCORE : LlamaLayout.LM_HEAD);
    }

    /**
     * Tensors that a file may have and this model does not take: the head that is replaced, a tied head's copy, and the
     * rotary frequencies, which older files carry and which follow from config.json.
     */
    private boolean derivedOrOtherHead(String name) {
        return heads(storedHead).contains(name)
                || stored.tiedEmbeddings() && name.equals(LlamaLayout.LM_HEAD)
                || name.endsWith(".rotary_emb.inv_freq");
    }
}
