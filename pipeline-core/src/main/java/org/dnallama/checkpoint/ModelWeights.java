package org.dnallama.checkpoint;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnallama.compute.Backend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.Initialization;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.model.TensorSpec;

/**
 * The weights in a model folder.
 *
 * @param storage the folder
 * @param stored shape of the model there
 * @param storedHead what stands on top there
 * @param storedPooling which states a classifier reads there
 */
record ModelWeights(Storage storage, LlamaConfig stored, Head storedHead, Pooling storedPooling) {

    /** Of a new head's matrices. */
    private static final Initialization NEW_HEAD = Initialization.constant(0.02);

    /** Tables with a row a token. */
    static final List<String> TABLES = List.of(LlamaLayout.EMBEDDING, LlamaLayout.LM_HEAD);

    static ModelWeights of(Storage storage, ConfigJson json) {
        return new ModelWeights(storage, json.shape(), json.head(), json.pooling());
    }

    /**
     * Loads them. Tensors of a wanted head that are not stored start from random values; where the wanted vocabulary is
     * larger, the new rows start from zero.
     *
     * @param config the wanted shape; but for the vocabulary it is the stored one
     * @param wanted the wanted tensors; but for those of the head they are the stored ones
     * @return parameters, to be closed by the caller
     * @throws InputException if files are missing or damaged, or tensors missing, unknown or of another shape
     */
    Parameters load(Backend backend, LlamaConfig config, List<List<TensorSpec>> wanted, Seeds seeds) {
        Parameters theta = new Parameters(backend, wanted);
        try {
            Set<String> fresh = names(wanted);
            fresh.removeAll(names(storedGroups()));
            TensorTargets targets = new TensorTargets(Map.of("", theta), fresh);
            TABLES.forEach(table -> targets.expectRows(table, stored.vocabularySize()));
            for (TensorSpec spec : theta.specs()) {
                if (fresh.contains(spec.name())) {
                    LlamaLayout.initialize(theta, spec, config, NEW_HEAD, seeds);
                }
            }
            List<TensorFile> files = WeightFiles.open(storage);
            Set<String> replaced = names(storedGroups());
            replaced.removeAll(names(wanted));
            targets.fill(files, place(files), name -> replaced.contains(name) || isDerived(name));
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
        storedGroups().forEach(group -> group.forEach(spec -> expected.add(spec.name(), spec.shape())));
        expected.compare(files, place(files), this::isDerived);
        return expected;
    }

    private String place(List<TensorFile> files) {
        return files.size() == 1 ? files.get(0).place() : storage.describe();
    }

    private List<List<TensorSpec>> storedGroups() {
        return LlamaLayout.groups(stored, storedHead, storedPooling);
    }

    private static Set<String> names(List<List<TensorSpec>> groups) {
        Set<String> names = new HashSet<>();
        groups.forEach(group -> group.forEach(spec -> names.add(spec.name())));
        return names;
    }

    /**
     * Tensors that a file may have and a model does not take: a tied head's copy, and the rotary frequencies, which
     * older files carry and which follow from config.json.
     */
    private boolean isDerived(String name) {
        return stored.tiedEmbeddings() && name.equals(LlamaLayout.LM_HEAD) || name.endsWith(".rotary_emb.inv_freq");
    }
}
