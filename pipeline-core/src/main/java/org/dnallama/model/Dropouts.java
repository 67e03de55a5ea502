package org.dnallama.model;

import org.dnallama.config.Seeds;

/**
 * Dropout in one forward and its backward.
 *
 * @param rates of the model's own sites
 * @param adapterRate of the adapters' inputs, in [0, 1)
 * @param seeds the run's
 * @param stream names the micro-batch: the same one falls alike in every stage of an optimizer's step
 */
public record Dropouts(DropoutRates rates, double adapterRate, Seeds seeds, long stream) {

    /** No dropout, as in evaluation. */
    public static final Dropouts NONE = new Dropouts(DropoutRates.NONE, 0, new Seeds(0), 0);

    /** One place of dropout. */
    record Site(double rate, long key) {}

    Site ofInput() {
        return new Site(rates.input(), seeds.key("dropout input", stream));
    }

    Site ofPooled() {
        return new Site(rates.pooled(), seeds.key("dropout pooled", stream));
    }

    Site ofAttention(int layer) {
        return new Site(rates.branches(), seeds.key("dropout attention", stream, layer));
    }

    Site ofMlp(int layer) {
        return new Site(rates.branches(), seeds.key("dropout mlp", stream, layer));
    }

    Site ofAdapter(String weight) {
        return new Site(adapterRate, adapterRate == 0 ? 0 : seeds.key("dropout " + weight, stream));
    }
}
