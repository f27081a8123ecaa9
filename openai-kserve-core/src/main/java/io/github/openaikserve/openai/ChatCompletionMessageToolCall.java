package io.github.openaikserve.openai;

/**
 * A call of a function that the model wants made. Immutable.
 *
 * @param arguments a JSON object in text, as the model wrote it: perhaps not valid
 */
public record ChatCompletionMessageToolCall(String id, String name, String arguments) {}
