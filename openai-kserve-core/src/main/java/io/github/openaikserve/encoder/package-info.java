/**
 * Requests and answers of models that rerank, score and classify texts: {@code /v1/rerank}, {@code
 * /v1/score} and {@code /v1/classify}.
 *
 * <p>Source: Cohere's and Jina's API references of {@code rerank}; {@code vllm-project/vllm}:
 * {@code vllm/entrypoints/pooling}.
 */
@NullMarked
package io.github.openaikserve.encoder;

import org.jspecify.annotations.NullMarked;
