package org.dnallama.metric;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.List;

/**
 * What each base of a sequence adds to its score, to first order.
 *
 * @param id the sequence's place
 * @param sequence its bases
 * @param score probability of class 1
 * @param perBase gradient times input of the logit of class 1 less that of class 0, one number a base
 */
public record Saliency(String id, String sequence, double score, List<Double> perBase) implements Serializable {

    /** Copies the numbers. */
    public Saliency {
        perBase = List.copyOf(perBase);
    }

    /**
     * The numbers for a file.
     *
     * @return keys id, score, sequence, perBase
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", id).put("score", score).put("sequence", sequence);
        ArrayNode numbers = json.putArray("perBase");
        perBase.forEach(numbers::add);
        return json;
    }
}
