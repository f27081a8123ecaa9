/**
 * OpenAI's objects as immutable values: what clients send and receive.
 *
 * <p>They are named after OpenAI's schemas and the {@code object} values of its answers. Requests
 * are built by builders, which refuse illegal values; answers are records. Absent is null; unknown
 * request fields are in {@code extra}. Begin with {@link
 * io.github.openaikserve.openai.CreateChatCompletionRequest}.
 *
 * <p>Source: OpenAI's API specification, {@code openai/openai-openapi}.
 */
@NullMarked
package io.github.openaikserve.openai;

import org.jspecify.annotations.NullMarked;
