/** What a person watching a long command sees. */
@NullMarked
package org.dnallama.console;

import org.jspecify.annotations.NullMarked;
