/** The training jobs: pretrain and finetune. */
@NullMarked
package org.dnallama.training;

import org.jspecify.annotations.NullMarked;
