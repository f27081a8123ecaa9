/**
 * The interface between the translation and the transport that carries tensors to a model server.
 *
 * <p>A transport implements {@link io.github.openaikserve.backend.InferenceBackend}; it needs to
 * know nothing about OpenAI. Decorators such as those of {@code resilience} implement it too.
 */
@NullMarked
package io.github.openaikserve.backend;

import org.jspecify.annotations.NullMarked;
