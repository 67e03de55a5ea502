/** Jobs that turn sequence files into token shards. */
@NullMarked
package org.dnallama.ingest;

import org.jspecify.annotations.NullMarked;
