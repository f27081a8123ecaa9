package io.github.openaikserve.openai;

/**
 * A function call that the model requests. Immutable.
 *
 * @param id the id to which a tool's answer refers; empty in the older form, which uses the name
 * @param arguments a JSON object as text, as the model wrote it; may be invalid
 */
public record ChatCompletionMessageToolCall(String id, String name, String arguments) {}
