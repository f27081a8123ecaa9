/**
 * HTTP requests and responses as values. The body of a response is pulled by its reader.
 *
 * <p>Contains what an HTTP layer needs to mount the library, without a server, sockets or JSON.
 * Start with {@link io.github.openaikserve.http.OpenAiHandler}.
 */
@NullMarked
package io.github.openaikserve.http;

import org.jspecify.annotations.NullMarked;
