package io.github.openaikserve.benchmarks;

import io.github.openaikserve.http.ApiRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The requests of the benchmarks. */
final class Requests {
  private static final String SENTENCE =
      "The quick brown fox jumps over the lazy dog, and the \\\"dog\\\" does not mind at all. ";
  private static final String TOOL =
      """
      {"type":"function","function":{"name":"tool_%d","description":"Looks something up in the table number %d.",
      "parameters":{"type":"object","properties":{"city":{"type":"string","description":"A city."},
      "unit":{"type":"string","enum":["celsius","fahrenheit"]},"days":{"type":"integer"}},"required":["city"]}}}\
      """;

  private Requests() {}

  /** A chat whose body has about 1 kB. */
  static ApiRequest oneKilobyte() {
    return post(
        """
        {"model":"m","stream":true,"max_tokens":256,"temperature":0.7,"top_p":0.95,
        "messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"%s"}]}\
        """
            .formatted(SENTENCE.repeat(10)));
  }

  /** Twenty messages and three tools. */
  static ApiRequest twentyMessagesWithTools() {
    String messages =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    "{\"role\":\"%s\",\"content\":\"%s\"}"
                        .formatted(i % 2 == 0 ? "user" : "assistant", SENTENCE.repeat(3)))
            .collect(Collectors.joining(","));
    return post(
        "{\"model\":\"m\",\"stream\":true,\"max_tokens\":256,\"messages\":[%s],\"tools\":[%s]}"
            .formatted(messages, tools(3)));
  }

  /** A streamed chat. */
  static ApiRequest streamed(String more) {
    return post(
        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}"
            .formatted(more));
  }

  /** A streamed response. */
  static ApiRequest streamedResponse() {
    return post("/v1/responses", "{\"model\":\"m\",\"stream\":true,\"input\":\"Hi\"}");
  }

  /** A chat with a whole answer. */
  static ApiRequest whole() {
    return post("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
  }

  static String tools(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> TOOL.formatted(i, i))
        .collect(Collectors.joining(","));
  }

  private static ApiRequest post(String body) {
    return post("/v1/chat/completions", body);
  }

  private static ApiRequest post(String path, String body) {
    return new ApiRequest(
        "POST",
        path,
        Map.of("content-type", List.of("application/json"), "accept", List.of("*/*")),
        body.getBytes(StandardCharsets.UTF_8));
  }
}
