/**
 * The HTTP APIs of OpenAI and Anthropic: routing, endpoints and the bytes of responses.
 *
 * <p>Contains the router, one class for each endpoint or kind of endpoint, and server-sent events.
 * JSON is read and written by {@code internal.json}; answers are prepared by {@code
 * internal.answer}. Start with {@link io.github.openaikserve.internal.http.Router}.
 */
@NullMarked
package io.github.openaikserve.internal.http;

import org.jspecify.annotations.NullMarked;
