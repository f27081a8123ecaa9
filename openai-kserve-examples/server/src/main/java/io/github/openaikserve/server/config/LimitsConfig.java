package io.github.openaikserve.server.config;

import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.server.options.Setting;

/** The limits of one request. Immutable. */
public record LimitsConfig(
    @Setting(
            value = "Maximum size of all request headers, in bytes.",
            initial = "64KiB",
            bytes = true,
            restart = true)
        int headers,
    @Setting(
            value = "Maximum nesting depth of the JSON body.",
            initial = "100",
            min = 3,
            max = 1000)
        int depth,
    @Setting(value = "Maximum number of characters of a number.", initial = "100", max = 1000)
        int digits,
    @Setting(value = "Maximum number of characters of a string.", initial = "64MiB", bytes = true)
        int string,
    @Setting(
            value = "Maximum number of JSON objects, arrays, and values other than numbers.",
            initial = "100000",
            min = 8)
        int nodes,
    @Setting(value = "Maximum number of JSON numbers, such as token ids.", initial = "1000000")
        int numbers,
    @Setting(value = "Maximum number of messages.", initial = "2048", max = 2048) int messages,
    @Setting(value = "Maximum number of prompts.", initial = "2048", max = 2048) int prompts,
    @Setting(value = "Maximum number of tools.", initial = "128", max = 4096) int tools,
    @Setting(value = "Maximum number of entries of `metadata`.", initial = "16") int metadata,
    @Setting(value = "Maximum number of entries of `logit_bias`.", initial = "1024") int logitBias,
    @Setting(value = "Maximum number of stop sequences.", initial = "4", max = 4) int stop,
    @Setting(
            value = "Maximum number of characters of a stop sequence.",
            initial = "1000",
            max = 100_000)
        int stopLength,
    @Setting(value = "Maximum number of choices of one prompt.", initial = "128", max = 128)
        int choices,
    @Setting(
            value = "Maximum number of choices of all prompts together; at least `choices`.",
            initial = "2048",
            max = 262_144)
        int allChoices,
    @Setting(
            value = "Maximum number of inputs of a request for embeddings.",
            initial = "2048",
            max = 2048)
        int inputs,
    @Setting(
            value = "Maximum size of the text that is generated for one request, in bytes.",
            initial = "16MiB",
            bytes = true)
        int generatedText) {
  /** Checks the limits against each other. */
  public LimitsConfig {
    RequestLimits.builder().choices(choices).allChoices(allChoices).build();
  }

  /** Returns the library's object for these limits. */
  public RequestLimits toRequestLimits() {
    return RequestLimits.builder()
        .headers(headers)
        .depth(depth)
        .digits(digits)
        .string(string)
        .nodes(nodes)
        .numbers(numbers)
        .messages(messages)
        .prompts(prompts)
        .tools(tools)
        .metadata(metadata)
        .logitBias(logitBias)
        .stops(stop)
        .stopLength(stopLength)
        .choices(choices)
        .allChoices(allChoices)
        .inputs(inputs)
        .generatedText(generatedText)
        .build();
  }
}
