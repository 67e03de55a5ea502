/** LLaMA-3: configuration, parameter layout, forward and explicit backward, heads. */
@NullMarked
package org.dnallama.model;

import org.jspecify.annotations.NullMarked;
