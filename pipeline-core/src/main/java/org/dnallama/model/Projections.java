package org.dnallama.model;

import static org.dnallama.compute.Into.ADD;
import static org.dnallama.compute.Into.SET;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Into;
import org.dnallama.compute.Matrix;

/**
 * Products with weights, y = x w^T, and their backward. Neighbours in the layout are one product. A weight is trained,
 * or it is frozen and may have an adapter: then y = x w^T + scale dropout(x) A^T B^T, in the weight's columns of y.
 */
final class Projections implements AutoCloseable {

    /** One adapter, where it writes in y, and its dropout. */
    private record Adapter(Matrix a, Matrix b, int firstColumn, double scale, String weight, Dropouts.Site dropout) {

        Matrix columnsOf(Matrix y) {
            return y.columns(firstColumn, b.rows());
        }
    }

    private final Backend backend;
    private final Scratch widened;
    private final Scratch dropped;
    private final Scratch low;
    private final Scratch dLow;

    Projections(Backend backend) {
        this.backend = backend;
        this.widened = new Scratch(backend);
        this.dropped = new Scratch(backend);
        this.low = new Scratch(backend);
        this.dLow = new Scratch(backend);
    }

    /** y (+)= x w^T, with the adapters' part. */
    void forward(Matrix y, Into into, Matrix x, Parameters theta, Dropouts dropout, String... names) {
        backend.linear(y, x, weight(theta, names), into);
        for (Adapter adapter : adapters(theta, dropout, names)) {
            backend.linear(adapter.columnsOf(y), narrowed(dropped(x, adapter), adapter), adapter.b, ADD);
        }
    }

    /** The gradient of x, which is overwritten; gradients of what is trained are added to. */
    void backward(
            Matrix dx, Matrix dy, Matrix x, Parameters theta, Dropouts dropout, Parameters gradient, String... names) {
        if (gradient.has(names[0])) {
            backend.linearWeightGradient(gradient.matrix(names), dy, x);
        }
        backend.linearInputGradient(dx, dy, weight(theta, names), SET);
        for (Adapter adapter : adapters(theta, dropout, names)) {
            Matrix input = dropped(x, adapter);
            Matrix output = adapter.columnsOf(dy);
            backend.linearWeightGradient(gradient.matrix(Lora.b(adapter.weight)), output, narrowed(input, adapter));
            Matrix dNarrowed = dLow.matrix(x.rows(), adapter.a.rows());
            backend.linearInputGradient(dNarrowed, output, adapter.b, SET);
            backend.scale(dNarrowed.buffer(), adapter.scale);
            backend.linearWeightGradient(gradient.matrix(Lora.a(adapter.weight)), dNarrowed, input);
            addInputGradient(dx, dNarrowed, adapter);
        }
    }

    /** scale x A^T: as wide as the rank. */
    private Matrix narrowed(Matrix x, Adapter adapter) {
        Matrix narrowed = low.matrix(x.rows(), adapter.a.rows());
        backend.linear(narrowed, x, adapter.a, SET);
        backend.scale(narrowed.buffer(), adapter.scale);
        return narrowed;
    }

    /** dx += dNarrowed A, through the dropout. */
    private void addInputGradient(Matrix dx, Matrix dNarrowed, Adapter adapter) {
        if (adapter.dropout.rate() == 0) {
            backend.linearInputGradient(dx, dNarrowed, adapter.a, ADD);
            return;
        }
        Matrix part = dropped.matrix(dx.rows(), dx.columns());
        backend.linearInputGradient(part, dNarrowed, adapter.a, SET);
        backend.dropout(part.buffer(), adapter.dropout.rate(), adapter.dropout.key());
        backend.addScaled(dx.buffer(), 1, part.buffer());
    }

    private Matrix dropped(Matrix x, Adapter adapter) {
        if (adapter.dropout.rate() == 0) {
            return x;
        }
        Matrix input = dropped.matrix(x.rows(), x.columns());
        backend.copy(input.buffer(), x.buffer());
        backend.dropout(input.buffer(), adapter.dropout.rate(), adapter.dropout.key());
        return input;
    }

    private Matrix weight(Parameters theta, String... names) {
        return theta.base()
                .filter(base -> base.rests(names[0]))
                .map(base -> base.widen(widened, names[0]))
                .orElseGet(() -> theta.matrix(names));
    }

    private static List<Adapter> adapters(Parameters theta, Dropouts dropout, String... names) {
        List<Adapter> adapters = new ArrayList<>();
        theta.base().ifPresent(base -> {
            int column = 0;
            for (String name : names) {
                if (theta.has(Lora.b(name))) {
                    Matrix a = theta.matrix(Lora.a(name));
                    Matrix b = theta.matrix(Lora.b(name));
                    double scale = base.settings().scale();
                    adapters.add(new Adapter(a, b, column, scale, name, dropout.ofAdapter(name)));
                }
                column += base.outputs(name);
            }
        });
        return adapters;
    }

    @Override
    public void close() {
        List.of(widened, dropped, low, dLow).forEach(Scratch::close);
    }
}
