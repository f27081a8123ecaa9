/**
 * The objects of OpenAI's Responses API as immutable values.
 *
 * <p>An answer is a list of {@link io.github.openaikserve.openai.responses.ResponseItem items}:
 * messages, reasoning and tool calls. The items of an answer can be sent as input of the next
 * request. Start with {@link io.github.openaikserve.openai.responses.CreateResponseRequest}.
 *
 * <p>Source: OpenAI's API specification, {@code openai/openai-openapi}.
 */
@NullMarked
package io.github.openaikserve.openai.responses;

import org.jspecify.annotations.NullMarked;
