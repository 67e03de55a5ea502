package org.dnallama.optim;

import org.dnallama.model.Parameters;

/** A field whose gradients are no longer than a bound: g *= min(1, clipNorm / ||g||). */
public final class ClippedField implements GradientField {

    private final GradientField field;
    private final double clipNorm;
    private double gradientNorm;

    /**
     * Bounds a field.
     *
     * @param field the field; on several ranks already averaged over them
     * @param clipNorm the bound; 0 for none
     */
    public ClippedField(GradientField field, double clipNorm) {
        this.field = field;
        this.clipNorm = clipNorm;
    }

    @Override
    public int microBatches() {
        return field.microBatches();
    }

    /**
     * Evaluates and clips.
     *
     * @throws NotFiniteException if the loss or the gradient is not finite
     */
    @Override
    public double evaluate(Parameters theta, BatchPortion portion, Parameters gradient) {
        double loss = field.evaluate(theta, portion, gradient);
        gradientNorm = Vectors.norm(gradient);
        if (!Double.isFinite(loss) || !Double.isFinite(gradientNorm)) {
            throw new NotFiniteException("the loss is %s and the gradient's norm %s".formatted(loss, gradientNorm));
        }
        if (clipNorm > 0 && gradientNorm > clipNorm) {
            Vectors.scale(gradient, clipNorm / gradientNorm);
        }
        return loss;
    }

    /**
     * Norm of the last gradient before it was clipped.
     *
     * @return the Euclidean norm
     */
    public double gradientNorm() {
        return gradientNorm;
    }
}
