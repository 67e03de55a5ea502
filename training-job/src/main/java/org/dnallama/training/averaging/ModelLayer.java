package org.dnallama.training.averaging;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * A whole model with its loss as one DL4J layer, the only one of its network. The model stays ours, written once; DL4J
 * holds its numbers in one flat array, moves them, and sends them to and fro.
 */
final class ModelLayer extends BaseLayer {

    private final Recipe recipe;

    private ModelLayer(Recipe recipe, IUpdater updater, double weightDecay) {
        this.recipe = recipe;
        setIUpdater(updater);
        // On the layer, as DL4J would apply a network's weight decay twice. It is decoupled: taken off after the
        // updater.
        Regularization decay = new WeightDecay(weightDecay, true);
        setRegularization(weightDecay == 0 ? List.of() : List.of(decay));
        setRegularizationBias(List.of());
    }

    /**
     * A network of this layer, all its numbers zero.
     *
     * @param recipe what it computes
     * @param updater turns gradients into moves
     * @param weightDecay decoupled, per unit of learning rate
     */
    static MultiLayerNetwork network(Recipe recipe, IUpdater updater, double weightDecay) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .list()
                .layer(new ModelLayer(recipe, updater, weightDecay))
                .build());
        network.init();
        return network;
    }

    Recipe recipe() {
        return recipe;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray flat,
            boolean initializeParameters,
            DataType type) {
        RunningLayer layer = new RunningLayer(configuration, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(flat);
        layer.setParamTable(initializer().init(configuration, flat, initializeParameters));
        layer.setConf(configuration);
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return FlatParameters.INSTANCE;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return InputType.feedForward(1);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {}

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return null;
    }

    @Override
    public boolean isPretrainParam(String name) {
        return false;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        throw new UnsupportedOperationException("dna-llama plan tells what memory a model needs");
    }

    @Override
    public ModelLayer clone() {
        return (ModelLayer) super.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelLayer layer && super.equals(other) && layer.recipe.equals(recipe);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), recipe);
    }
}
