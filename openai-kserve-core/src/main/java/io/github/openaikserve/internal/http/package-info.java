/**
 * OpenAI's HTTP API: routing, endpoints and the bytes of responses.
 *
 * <p>Contains the router, one class for each endpoint, and server-sent events. Start with {@link
 * io.github.openaikserve.internal.http.Router}.
 */
@NullMarked
package io.github.openaikserve.internal.http;

import org.jspecify.annotations.NullMarked;
