/** API keys: their digests, the file that holds them, and the handler that asks for one. */
@NullMarked
package io.github.openaikserve.server.key;

import org.jspecify.annotations.NullMarked;
