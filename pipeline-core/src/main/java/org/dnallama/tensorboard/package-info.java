/** Event files that TensorBoard shows. */
@NullMarked
package org.dnallama.tensorboard;

import org.jspecify.annotations.NullMarked;
