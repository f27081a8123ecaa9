/**
 * A model server in one process: llama.cpp with AnyServe's dialect of KServe v2.
 *
 * <p>This package generates and embeds text and serves it over gRPC. The worker does not depend on
 * OpenAI's objects or on the library's service; they communicate only over gRPC. Begin with {@link
 * io.github.openaikserve.llamacpp.LlamaCppWorker}.
 */
@NullMarked
package io.github.openaikserve.llamacpp;

import org.jspecify.annotations.NullMarked;
