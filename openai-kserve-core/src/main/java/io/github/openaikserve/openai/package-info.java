/**
 * OpenAI's objects as values: what a client sends and what it gets back.
 *
 * <p>Here live records, named after OpenAI's schemas and the {@code object} values of its answers,
 * that refuse to exist when they are illegal. No JSON library and no tensor ever does. Absent is
 * null; unknown request fields are kept in {@code extra}. Begin with {@link
 * io.github.openaikserve.openai.CreateChatCompletionRequest}.
 *
 * <p>Source: OpenAI's API specification, {@code openai/openai-openapi}.
 */
@NullMarked
package io.github.openaikserve.openai;

import org.jspecify.annotations.NullMarked;
