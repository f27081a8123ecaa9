/**
 * The seam between the translation and whatever carries tensors to a model server.
 *
 * <p>Here lives what a transport implements and nothing about OpenAI. Begin with {@link
 * io.github.openaikserve.backend.InferenceBackend}.
 */
@NullMarked
package io.github.openaikserve.backend;

import org.jspecify.annotations.NullMarked;
