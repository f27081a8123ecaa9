package io.github.openaikserve.openai;

/**
 * A call of a function that the model wants made. Immutable.
 *
 * @param id what a tool's answer refers to; empty in the older form, which refers to the name
 * @param arguments a JSON object in text, as the model wrote it: perhaps not valid
 */
public record ChatCompletionMessageToolCall(String id, String name, String arguments) {}
