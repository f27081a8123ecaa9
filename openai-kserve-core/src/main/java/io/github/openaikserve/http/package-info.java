/**
 * HTTP as data: a request is a value, a response is a value whose body is still to be pulled.
 *
 * <p>Here lives what an HTTP layer needs to mount the library behind itself; no server, no socket
 * and no JSON does. Begin with {@link io.github.openaikserve.http.OpenAiHandler}.
 */
@NullMarked
package io.github.openaikserve.http;

import org.jspecify.annotations.NullMarked;
