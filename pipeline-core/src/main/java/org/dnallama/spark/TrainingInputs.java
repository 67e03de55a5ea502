package org.dnallama.spark;

import java.io.IOException;
import java.io.Serializable;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.compute.Backend;
import org.dnallama.config.Seeds;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.train.Examples;

/** What a model is trained on and where it starts: plain data that travels to the executor, which loads the rest. */
public interface TrainingInputs extends Serializable {

    /**
     * Notes what the result is made from.
     *
     * @param provenance of the job
     * @return the same provenance
     * @throws IOException if an input cannot be read
     */
    Provenance inputs(Provenance provenance) throws IOException;

    /**
     * The model to be trained.
     *
     * @return shape, head and tokenizer
     * @throws IOException if a folder cannot be read
     */
    ModelFolder model() throws IOException;

    /**
     * Its training rows.
     *
     * @param model from {@link #model()}
     * @return rows, tokenized
     * @throws IOException if they cannot be read
     * @throws org.dnallama.config.InputException if one is too long for the model
     */
    Examples train(ModelFolder model) throws IOException;

    /**
     * The rows that it is measured on while it is trained.
     *
     * @param model from {@link #model()}
     * @return rows, tokenized
     * @throws IOException if they cannot be read
     * @throws org.dnallama.config.InputException if one is too long for the model
     */
    Examples heldOut(ModelFolder model) throws IOException;

    /**
     * Its first weights.
     *
     * @param model from {@link #model()}
     * @param backend where they go
     * @param lora adapters beside them, or none
     * @param seeds of all that starts at random
     * @return parameters, to be closed by the caller
     * @throws IOException if they cannot be read
     */
    Parameters start(ModelFolder model, Backend backend, LoraSettings lora, Seeds seeds) throws IOException;
}
