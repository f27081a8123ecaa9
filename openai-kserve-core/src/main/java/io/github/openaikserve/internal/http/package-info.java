/**
 * OpenAI's HTTP API: which path does what, and the bytes of its answers.
 *
 * <p>Contains the router, one class for each endpoint, and server-sent events. Begin with {@link
 * io.github.openaikserve.internal.http.Router}.
 */
@NullMarked
package io.github.openaikserve.internal.http;

import org.jspecify.annotations.NullMarked;
