/**
 * Requests and answers of models that rerank, score and classify texts: {@code /v1/rerank}, {@code
 * /v1/score} and {@code /v1/classify}.
 *
 * <p>OpenAI has no such APIs. Embeddings and moderations, which OpenAI has, are in {@code openai}.
 * Start with {@link io.github.openaikserve.encoder.RerankRequest}.
 *
 * <p>Source: Cohere's and Jina's API references of {@code rerank}; {@code vllm-project/vllm}:
 * {@code vllm/entrypoints/pooling}.
 */
@NullMarked
package io.github.openaikserve.encoder;

import org.jspecify.annotations.NullMarked;
