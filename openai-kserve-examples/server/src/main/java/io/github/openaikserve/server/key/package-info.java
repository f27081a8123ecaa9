/** API keys: digests, the API key file, and the handlers that check keys and scopes. */
@NullMarked
package io.github.openaikserve.server.key;

import org.jspecify.annotations.NullMarked;
