/**
 * Answers made of tensors: embeddings, scores, classes and audio.
 *
 * <p>A {@link io.github.openaikserve.internal.answer.batch.BatchApi} names the parts of an API. A
 * {@link io.github.openaikserve.internal.answer.batch.BatchAnswer} makes one {@link
 * io.github.openaikserve.internal.answer.batch.BatchCall} for each batch of inputs, and a {@link
 * io.github.openaikserve.internal.answer.batch.BatchForm} creates the answer from their outputs. An
 * answer in pieces goes to a {@link io.github.openaikserve.internal.answer.batch.PieceSink}.
 */
@NullMarked
package io.github.openaikserve.internal.answer.batch;

import org.jspecify.annotations.NullMarked;
