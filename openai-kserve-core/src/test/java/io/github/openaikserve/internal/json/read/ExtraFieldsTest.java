package io.github.openaikserve.internal.json.read;

import static io.github.openaikserve.internal.json.read.Json.chatWith;
import static io.github.openaikserve.internal.json.read.Json.completionWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtraFieldsTest {
  static Stream<Arguments> values() {
    return Stream.of(
        arguments("'text'", "text"),
        arguments("40", 40L),
        arguments("-9223372036854775808", Long.MIN_VALUE),
        arguments("9223372036854775808", new BigInteger("9223372036854775808")),
        arguments("0.05", 0.05),
        arguments("1.0", 1.0),
        arguments("0.1000000000000000000001", new BigDecimal("0.1000000000000000000001")),
        arguments("true", true),
        arguments("null", null),
        arguments("[1, null, ['x']]", Arrays.asList(1L, null, List.of("x"))),
        arguments("{'a': {'b': [false]}}", Map.of("a", Map.of("b", List.of(false)))));
  }

  @ParameterizedTest
  @MethodSource("values")
  void anUnknownFieldIsKeptAsAPlainValue(String json, @Nullable Object value) {
    var request = chatWith("'unknown': " + json);

    assertThat(request.extra()).containsOnlyKeys("unknown");
    assertThat(request.extra().get("unknown")).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("values")
  void aCompletionKeepsUnknownFieldsToo(String json, @Nullable Object value) {
    var request = completionWith("'unknown': " + json);

    assertThat(request.extra()).containsOnlyKeys("unknown");
    assertThat(request.extra().get("unknown")).isEqualTo(value);
  }

  @Test
  void unknownFieldsKeepTheirOrder() {
    var request = chatWith("'z': 1, 'n': 1, 'a': 2, 'top_k': 3, 'm': {'y': 1, 'b': 2}");

    assertThat(request.extra().keySet()).containsExactly("z", "a", "top_k", "m");
    assertThat(request.extra().get("m")).hasToString("{y=1, b=2}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'user': 'u'",
        "'metadata': {'k': 'v'}",
        "'store': true",
        "'service_tier': 'auto'",
        "'modalities': ['text']",
        "'audio': {'voice': 'alloy'}",
        "'prediction': {'type': 'content'}",
        "'verbosity': 'low'",
        "'web_search_options': {}",
        "'safety_identifier': 's'",
        "'prompt_cache_key': 'k'",
        "'moderation': {}"
      })
  void openAiFieldsWithoutAPropertyAreKept(String field) {
    assertThat(chatWith(field).extra()).hasSize(1);
  }

  @Test
  void aKeptFieldMayBeNull() {
    assertThat(chatWith("'user': null, 'metadata': null").extra())
        .containsEntry("user", null)
        .containsEntry("metadata", null);
  }
}
