package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.dnallama.config.InputException;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.RopeScaling;

/**
 * The rotary embedding in {@code config.json}: {@code rope_theta} and {@code rope_scaling}, or both in
 * {@code rope_parameters}, as newer versions of Hugging Face's library write it.
 */
record RopeJson(JsonNode json, String place) {

    private static final String SCALING = "rope_scaling";
    private static final String PARAMETERS = "rope_parameters";
    private static final String THETA = "rope_theta";
    private static final String LLAMA3 = "llama3";

    /** The base of the angles; 10000 if the file has none. */
    double theta() {
        JsonNode holder = json.path(PARAMETERS).hasNonNull(THETA) ? json.path(PARAMETERS) : json;
        return holder.hasNonNull(THETA) ? positive(holder, THETA, place) : 10000;
    }

    /**
     * The scaling.
     *
     * @throws InputException if it is of another type than llama3 or has wrong values
     */
    RopeScaling scaling() {
        String key = json.hasNonNull(PARAMETERS) ? PARAMETERS : SCALING;
        JsonNode scaling = json.path(key);
        if (scaling.isMissingNode() || scaling.isNull()) {
            return RopeScaling.NONE;
        }
        // Files of early LLaMA 3.1 say "type".
        String type =
                scaling.path(scaling.has("rope_type") ? "rope_type" : "type").asText();
        if (type.equals("default")) {
            return RopeScaling.NONE;
        }
        String where = place + ": " + key;
        if (!type.equals(LLAMA3)) {
            throw new InputException(
                    "%s of type '%s' is not supported; only %s is, and none at all".formatted(where, type, LLAMA3));
        }
        JsonNode length = scaling.path("original_max_position_embeddings");
        if (!length.isInt()) {
            throw new InputException(
                    where + ": original_max_position_embeddings = " + length + " must be a positive whole number");
        }
        try {
            return new RopeScaling(
                    positive(scaling, "factor", where),
                    positive(scaling, "low_freq_factor", where),
                    positive(scaling, "high_freq_factor", where),
                    length.intValue());
        } catch (IllegalArgumentException e) {
            throw new InputException(where + ": " + e.getMessage(), e);
        }
    }

    static void write(ObjectNode json, LlamaConfig config) {
        json.put(THETA, config.ropeTheta());
        RopeScaling scaling = config.ropeScaling();
        if (scaling.factor() == 1) {
            json.putNull(SCALING);
            return;
        }
        json.putObject(SCALING)
                .put("rope_type", LLAMA3)
                .put("factor", scaling.factor())
                .put("low_freq_factor", scaling.lowFrequencyFactor())
                .put("high_freq_factor", scaling.highFrequencyFactor())
                .put("original_max_position_embeddings", scaling.originalContextLength());
    }

    static double positive(JsonNode holder, String key, String where) {
        JsonNode value = holder.path(key);
        if (!value.isNumber() || !(value.asDouble() > 0) || Double.isInfinite(value.asDouble())) {
            throw new InputException("%s: %s = %s must be a positive number".formatted(where, key, value));
        }
        return value.asDouble();
    }
}
