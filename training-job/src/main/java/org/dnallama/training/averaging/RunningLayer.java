package org.dnallama.training.averaging;

import java.util.List;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** A {@link ModelLayer} at work: it computes the loss and its gradient, and nothing else that layers are asked for. */
final class RunningLayer extends BaseLayer<ModelLayer> implements IOutputLayer {

    private transient @Nullable INDArray labels;

    RunningLayer(NeuralNetConfiguration configuration, DataType type) {
        super(configuration, type);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray fromAbove, LayerWorkspaceMgr workspaces) {
        Worker worker = Worker.take(layerConf().recipe());
        try {
            score = worker.lossAndGradient(
                    paramsFlattened, Rows.of(input, java.util.Objects.requireNonNull(labels)), gradientsFlattened);
        } finally {
            worker.release();
        }
        gradient = new DefaultGradient(gradientsFlattened);
        gradientViews.forEach(gradient.gradientForVariable()::put);
        return new Pair<>(gradient, null);
    }

    /** The loss that came with the gradient. */
    @Override
    public double computeScore(double regularization, boolean training, LayerWorkspaceMgr workspaces) {
        return score;
    }

    @Override
    public double calcRegularizationScore(boolean backpropParametersOnly) {
        // Decoupled weight decay is no part of the loss.
        return 0;
    }

    @Override
    public boolean updaterDivideByMinibatch(String parameter) {
        // The gradient is a mean already.
        return false;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public boolean needsLabels() {
        return true;
    }

    @Override
    public void setLabels(@Nullable INDArray labels) {
        this.labels = labels;
    }

    @Override
    public @Nullable INDArray getLabels() {
        return labels;
    }

    @Override
    public void clear() {
        super.clear();
        labels = null;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        throw unsupported();
    }

    @Override
    public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
        throw unsupported();
    }

    @Override
    public double f1Score(DataSet data) {
        throw unsupported();
    }

    @Override
    public double f1Score(INDArray examples, INDArray classes) {
        throw unsupported();
    }

    @Override
    public int numLabels() {
        throw unsupported();
    }

    @Override
    public int[] predict(INDArray examples) {
        throw unsupported();
    }

    @Override
    public List<String> predict(DataSet data) {
        throw unsupported();
    }

    @Override
    public void fit(DataSetIterator data) {
        throw unsupported();
    }

    @Override
    public void fit(DataSet data) {
        throw unsupported();
    }

    @Override
    public void fit(INDArray examples, INDArray classes) {
        throw unsupported();
    }

    @Override
    public void fit(INDArray examples, int[] classes) {
        throw unsupported();
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("this layer gives losses and gradients only");
    }
}
