/**
 * Dialects: the mapping between requests and the tensors of model servers.
 *
 * <p>Contains one table for each model server, and the types that all tables share: {@link
 * io.github.openaikserve.dialect.Generation} and {@link
 * io.github.openaikserve.dialect.GenerationDelta} for text, {@link
 * io.github.openaikserve.dialect.InputBatch} and {@link
 * io.github.openaikserve.dialect.EmbeddingVectors} for embeddings. This package does not depend on
 * chats, HTTP or a transport. Start with {@link io.github.openaikserve.dialect.Dialects}.
 */
@NullMarked
package io.github.openaikserve.dialect;

import org.jspecify.annotations.NullMarked;
