/**
 * HTTP as data: a request is a value, a response is a value whose body is pulled.
 *
 * <p>Contains what an HTTP layer needs to mount the library; no server, no socket and no JSON.
 * Begin with {@link io.github.openaikserve.http.OpenAiHandler}.
 */
@NullMarked
package io.github.openaikserve.http;

import org.jspecify.annotations.NullMarked;
