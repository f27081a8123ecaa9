/**
 * The objects of OpenAI's Responses API as immutable values.
 *
 * <p>An answer is a list of {@link io.github.openaikserve.openai.responses.ResponseItem items}:
 * messages, reasoning and calls of tools. The items of an answer are the input of the next request.
 * Begin with {@link io.github.openaikserve.openai.responses.CreateResponseRequest}.
 *
 * <p>Source: OpenAI's API specification, {@code openai/openai-openapi}.
 */
@NullMarked
package io.github.openaikserve.openai.responses;

import org.jspecify.annotations.NullMarked;
