package io.github.openaikserve.internal.json.read;

import static io.github.openaikserve.internal.json.read.Json.chatWith;
import static io.github.openaikserve.internal.json.read.Json.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of a chat without effect, whose values OpenAI checks. */
final class KeptFieldsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'service_tier':'gold' | service_tier | Invalid value: 'gold'. Supported values are: 'auto', 'default', 'flex', 'scale', 'priority', and 'fast'.",
        "'service_tier':'ultrafast' | service_tier | Invalid value: 'ultrafast'. Supported values are: 'auto', 'default', 'flex', 'scale', 'priority', and 'fast'.",
        "'prompt_cache_retention':'1h' | prompt_cache_retention | Invalid value: '1h'. Supported values are: 'in_memory' and '24h'.",
        "'prompt_cache_options':{'mode':'x'} | prompt_cache_options.mode | Invalid value: 'x'. Supported values are: 'implicit' and 'explicit'.",
        "'prompt_cache_options':{'ttl':'1h'} | prompt_cache_options.ttl | Invalid value: '1h'. Supported values are: '30m'.",
        "'prompt_cache_options':'x' | prompt_cache_options | Invalid type for 'prompt_cache_options': expected an object, but got a string instead.",
        "'metadata':{'a':7} | metadata.a | Invalid type for 'metadata.a': expected a string, but got an integer instead.",
        "'metadata':{'a':{'b':'c'}} | metadata.a | Invalid type for 'metadata.a': expected a string, but got an object instead.",
        "'metadata':{'a':'x','b':['x']} | metadata.b | Invalid type for 'metadata.b': expected a string, but got an array instead.",
      })
  void aValueThatOpenAiRefusesIsRefusedWithItsMessage(String fields, String param, String message) {
    var refusal = refusalOf(() -> chatWith(fields));

    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal).hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "default", "flex", "scale", "priority", "fast"})
  void everyTierOfOpenAisSchemaIsTaken(String tier) {
    assertThat(chatWith("'service_tier':'%s'".formatted(tier)).extra())
        .containsExactly(Map.entry("service_tier", tier));
  }

  @Test
  void aSafetyIdentifierHasALimitedLength() {
    String identifier = "😀".repeat(64);

    assertThat(chatWith("'safety_identifier':'%s'".formatted(identifier)).extra())
        .containsExactly(Map.entry("safety_identifier", identifier));
    var refusal = refusalOf(() -> chatWith("'safety_identifier':'%sx'".formatted(identifier)));
    assertThat(refusal.param()).isEqualTo("safety_identifier");
    assertThat(refusal.code()).isEqualTo("string_above_max_length");
    assertThat(refusal)
        .hasMessage(
            "Invalid 'safety_identifier': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.");
  }

  @Test
  void metadataHasTextsOfALimitedLength() {
    String key = "😀".repeat(64); // characters are counted, not the chars of Java
    String value = "😀".repeat(512);

    assertThat(chatWith("'metadata':{'%s':'%s'}".formatted(key, value)).extra())
        .containsExactly(Map.entry("metadata", Map.of(key, value)));
    assertThat(refusalOf(() -> chatWith("'metadata':{'%sx':'x'}".formatted(key))).param())
        .isEqualTo("metadata");
    assertThat(refusalOf(() -> chatWith("'metadata':{'a':'%sx'}".formatted(value))))
        .hasMessage(
            "Invalid 'metadata': expected keys of at most 64 and values of at most 512 characters.");
  }

  @Test
  void aNullInMetadataIsAbsent() {
    assertThat(chatWith("'metadata':{'a':null,'b':'x'}").extra())
        .containsExactly(Map.entry("metadata", Map.of("b", "x")));
  }

  @Test
  void anErrorShowsNoUnprintableOrLongKey() {
    var refusal = refusalOf(() -> chatWith("'metadata':{'\\n%s':1}".formatted("x".repeat(100))));

    assertThat(refusal.param()).startsWith("metadata.\\u000ax").hasSizeLessThan(90);
  }
}
