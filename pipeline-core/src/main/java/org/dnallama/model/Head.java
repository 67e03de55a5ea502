package org.dnallama.model;

/** What stands on top of the transformer. */
public enum Head {
    /** Next-token logits: Hugging Face's LlamaForCausalLM. */
    LANGUAGE_MODEL,
    /** Two-class logits of a pooled state: LlamaForSequenceClassification. */
    CLASSIFIER
}
