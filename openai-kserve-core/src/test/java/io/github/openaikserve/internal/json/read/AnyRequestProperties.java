package io.github.openaikserve.internal.json.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Whatever is sent, it is read or refused; nothing else happens, and no text is ever quoted. */
class AnyRequestProperties {
  private static final RequestJson REQUESTS = new RequestJson(JsonLimits.DEFAULT);
  private static final String SECRET = "hunter2";
  private static final List<String> FIELDS =
      List.of(
          "model",
          "messages",
          "prompt",
          "input",
          "encoding_format",
          "dimensions",
          "max_tokens",
          "max_completion_tokens",
          "temperature",
          "top_p",
          "n",
          "stop",
          "stream",
          "stream_options",
          "presence_penalty",
          "frequency_penalty",
          "logit_bias",
          "logprobs",
          "top_logprobs",
          "seed",
          "response_format",
          "tools",
          "functions",
          "tool_choice",
          "function_call",
          "parallel_tool_calls",
          "reasoning_effort",
          "echo",
          "best_of",
          "suffix",
          "user",
          "metadata",
          "role",
          "content",
          "type",
          "text",
          "tool_calls",
          "id",
          "function",
          "name",
          "arguments",
          "image_url",
          "include_usage",
          "top_k");
  private static final List<String> WORDS =
      List.of(
          "true",
          "false",
          "null",
          "0",
          "1",
          "-1",
          "0.5",
          "1e400",
          "1e-400",
          "1e999999999",
          "-1e999999999",
          "1e99999999999",
          "5.0",
          "2147483648",
          "99999999999999999999",
          "\"user\"",
          "\"assistant\"",
          "\"tool\"",
          "\"function\"",
          "\"text\"",
          "\"auto\"",
          "\"\\ud800\"",
          "\"\"");

  @Property(tries = 3000)
  void randomBytesAreReadOrRefused(@ForAll byte[] body) {
    readOrRefused(body);
  }

  @Property(tries = 1000)
  void randomTextIsReadOrRefused(@ForAll String body) {
    readOrRefused(body.getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 6000)
  void randomJsonIsReadOrRefused(@ForAll("objects") String body) {
    readOrRefused(body.getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 3000)
  void aRequestWithAByteChangedIsReadOrRefused(@ForAll int position, @ForAll byte value) {
    byte[] body =
        Json.bytes(
            "{'model': 'm', 'messages': [{'role': 'user', 'content': [{'type': 'text', 'text':"
                + " 'hunter2'}]}], 'prompt': [[1, 2]], 'temperature': 0.7, 'stop': ['a'],"
                + " 'stream': true, 'stream_options': {'include_usage': true}}");
    body[Math.floorMod(position, body.length)] = value;

    readOrRefused(body);
  }

  @Provide
  Arbitrary<String> objects() {
    Arbitrary<String> scalars = Arbitraries.of(WORDS);
    Arbitrary<String> names = Arbitraries.of(FIELDS).map(name -> '"' + name + '"');
    Arbitrary<String> value = scalars;
    for (int depth = 0; depth < 3; depth++) {
      Arbitrary<String> inner = Arbitraries.oneOf(scalars, value);
      value = Arbitraries.oneOf(array(inner), object(names, inner));
    }
    return object(names, value);
  }

  private static Arbitrary<String> array(Arbitrary<String> element) {
    return element.list().ofMaxSize(3).map(list -> "[" + String.join(",", list) + "]");
  }

  private static Arbitrary<String> object(Arbitrary<String> name, Arbitrary<String> value) {
    return Combinators.combine(name, value)
        .as((n, v) -> n + ":" + v)
        .list()
        .ofMaxSize(6)
        .map(fields -> fields.stream().collect(Collectors.joining(",", "{", "}")));
  }

  private static void readOrRefused(byte[] body) {
    readOrRefused(REQUESTS::chat, body);
    readOrRefused(REQUESTS::completion, body);
    readOrRefused(REQUESTS::embedding, body);
  }

  private static void readOrRefused(Function<byte[], @Nullable Object> reader, byte[] body) {
    try {
      assertThat(reader.apply(body)).isNotNull();
    } catch (InvalidRequestException refusal) {
      assertThat(refusal.status()).isEqualTo(400);
      assertThat(refusal.getMessage()).isNotEmpty().doesNotContain(SECRET);
      assertThat(refusal).hasNoCause();
    }
  }
}
