package io.github.openaikserve.server.config;

import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.server.options.Setting;

/** The limits of one request. Immutable. */
public record LimitsConfig(
    @Setting(value = "Bytes of all headers.", initial = "64KiB", bytes = true, restart = true)
        int headers,
    @Setting(value = "Levels of JSON.", initial = "100", min = 3, max = 1000) int depth,
    @Setting(value = "Characters of a number.", initial = "100", max = 1000) int digits,
    @Setting(value = "Characters of a string.", initial = "64MiB", bytes = true) int string,
    @Setting(
            value = "Objects, arrays and values other than numbers in the JSON.",
            initial = "100000",
            min = 8)
        int nodes,
    @Setting(value = "Numbers in the JSON, such as token ids.", initial = "1000000") int numbers,
    @Setting(value = "Messages.", initial = "2048", max = 2048) int messages,
    @Setting(value = "Prompts.", initial = "2048", max = 2048) int prompts,
    @Setting(value = "Tools.", initial = "128", max = 4096) int tools,
    @Setting(value = "Entries of `metadata`.", initial = "16") int metadata,
    @Setting(value = "Entries of `logit_bias`.", initial = "1024") int logitBias,
    @Setting(value = "Stop sequences.", initial = "4", max = 4) int stop,
    @Setting(value = "Characters of a stop sequence.", initial = "1000", max = 100_000)
        int stopLength,
    @Setting(value = "Choices of one prompt.", initial = "128", max = 128) int choices,
    @Setting(
            value = "Choices of all prompts together; not less than `choices`.",
            initial = "2048",
            max = 262_144)
        int allChoices,
    @Setting(value = "Inputs to embed.", initial = "2048", max = 2048) int inputs,
    @Setting(
            value = "Bytes of text that a model generates for one request.",
            initial = "16MiB",
            bytes = true)
        int generatedText) {
  /** Checks the limits against each other. */
  public LimitsConfig {
    RequestLimits.builder().choices(choices).allChoices(allChoices).build();
  }

  /** Returns the limits as the library has them. */
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
