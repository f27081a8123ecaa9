package io.github.openaikserve.server.config;

import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.server.options.Setting;

/** The limits of one request. Immutable. */
public record LimitsConfig(
    @Setting(bytes = true, restart = true) int headers,
    @Setting(min = 3, max = 1000) int depth,
    @Setting(max = 1000) int digits,
    @Setting(bytes = true) int string,
    @Setting(min = 8) int nodes,
    int numbers,
    @Setting(max = 2048) int messages,
    @Setting(max = 2048) int prompts,
    @Setting(max = 4096) int tools,
    int metadata,
    int logitBias,
    @Setting(max = 4) int stop,
    @Setting(max = 100_000) int stopLength,
    @Setting(max = 128) int choices,
    @Setting(max = 262_144) int allChoices,
    @Setting(max = 2048) int inputs,
    @Setting(bytes = true) int generatedText) {
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
