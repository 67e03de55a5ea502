package org.dnallama.training.averaging;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dnallama.model.TensorSpec.Decay;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A model's numbers as DL4J sees them: one flat array, under two names that weight decay tells apart. The order is that
 * of {@link org.dnallama.model.Parameters#over}.
 */
final class FlatParameters implements ParamInitializer {

    static final FlatParameters INSTANCE = new FlatParameters();

    static final String DECAYED = "decayed";
    private static final String NOT_DECAYED = "notDecayed";

    private FlatParameters() {}

    private static Recipe recipe(Layer layer) {
        return ((ModelLayer) layer).recipe();
    }

    @Override
    public long numParams(NeuralNetConfiguration configuration) {
        return numParams(configuration.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return recipe(layer).count();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.of(DECAYED, NOT_DECAYED);
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(DECAYED);
    }

    /** DL4J's word for what has no weight decay. */
    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of(NOT_DECAYED);
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return key.equals(DECAYED);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return key.equals(NOT_DECAYED);
    }

    /** Names the views; the numbers are set by the caller, as they are not DL4J's to draw. */
    @Override
    public Map<String, INDArray> init(
            NeuralNetConfiguration configuration, INDArray flat, boolean initializeParameters) {
        configuration.addVariable(DECAYED);
        configuration.addVariable(NOT_DECAYED);
        return views(configuration, flat);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration configuration, INDArray flat) {
        return views(configuration, flat);
    }

    private static Map<String, INDArray> views(NeuralNetConfiguration configuration, INDArray flat) {
        Recipe recipe = recipe(configuration.getLayer());
        long decayed = recipe.count(Decay.DECAYED);
        INDArray vector = flat.reshape(new long[] {flat.length()});
        Map<String, INDArray> views = new LinkedHashMap<>();
        views.put(DECAYED, vector.get(NDArrayIndex.interval(0, decayed)));
        views.put(NOT_DECAYED, vector.get(NDArrayIndex.interval(decayed, recipe.count())));
        return views;
    }
}
