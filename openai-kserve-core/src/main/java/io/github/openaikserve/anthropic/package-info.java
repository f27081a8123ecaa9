/**
 * The objects of Anthropic's Messages API as immutable values.
 *
 * <p>A message is a list of {@link io.github.openaikserve.anthropic.ContentBlock blocks}: texts,
 * images, thinking, tool calls and their results. Start with {@link
 * io.github.openaikserve.anthropic.CreateMessageRequest}.
 *
 * <p>Source: Anthropic's API reference, and the types of {@code anthropics/anthropic-sdk-python}.
 */
@NullMarked
package io.github.openaikserve.anthropic;

import org.jspecify.annotations.NullMarked;
