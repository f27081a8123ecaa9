/**
 * The interface between the translation and the transport that sends tensors to a model server.
 *
 * <p>A transport implements {@link io.github.openaikserve.backend.InferenceBackend}; it does not
 * need to know OpenAI's API. Decorators, such as those in {@code resilience}, implement it too. An
 * {@link io.github.openaikserve.backend.InferCall} is one call: the request with its time limit,
 * headers and affinity key.
 */
@NullMarked
package io.github.openaikserve.backend;

import org.jspecify.annotations.NullMarked;
