/**
 * A model server in one process: real llama.cpp behind AnyServe's dialect of KServe v2.
 *
 * <p>Here lives what generates and embeds text and serves it over gRPC. Nothing of OpenAI's ever
 * does, and nothing of the library's: the two meet only on the wire. Begin with {@link
 * io.github.openaikserve.llamacpp.LlamaCppWorker}.
 */
@NullMarked
package io.github.openaikserve.llamacpp;

import org.jspecify.annotations.NullMarked;
