/**
 * How a model server speaks: which tensors carry what.
 *
 * <p>Here live one table per server and the narrow waists they share, {@link
 * io.github.openaikserve.dialect.Generation} and {@link
 * io.github.openaikserve.dialect.GenerationDelta} for text, {@link
 * io.github.openaikserve.dialect.EmbeddingBatch} and {@link
 * io.github.openaikserve.dialect.EmbeddingVectors} for embeddings. No chat, no HTTP and no
 * transport ever does. Begin with {@link io.github.openaikserve.dialect.Dialects} and {@link
 * io.github.openaikserve.dialect.EmbeddingDialects}.
 */
@NullMarked
package io.github.openaikserve.dialect;

import org.jspecify.annotations.NullMarked;
