/** Rows of token shards, their manifest and the train/valid split. */
@NullMarked
package org.dnallama.shard;

import org.jspecify.annotations.NullMarked;
