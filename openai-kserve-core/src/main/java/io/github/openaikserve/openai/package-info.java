/**
 * The objects of OpenAI's API as immutable values.
 *
 * <p>Types are named after OpenAI's schemas and the {@code object} values of its answers. Requests
 * have builders, which reject invalid values; answers are records. Absent values are null. Unknown
 * request fields are in {@code extra}. Start with {@link
 * io.github.openaikserve.openai.CreateChatCompletionRequest}.
 *
 * <p>Source: OpenAI's API specification, {@code openai/openai-openapi}.
 */
@NullMarked
package io.github.openaikserve.openai;

import org.jspecify.annotations.NullMarked;
