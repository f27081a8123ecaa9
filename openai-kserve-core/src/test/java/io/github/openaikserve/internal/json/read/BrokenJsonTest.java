package io.github.openaikserve.internal.json.read;

import static io.github.openaikserve.internal.json.read.Json.bytes;
import static io.github.openaikserve.internal.json.read.Json.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonLimits;
import io.github.openaikserve.openai.Prompt;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokenJsonTest {
  private static final String VALID = "{'messages': [{'role': 'user', 'content': 'hi'}]}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "{",
        "{'messages': [}",
        "{'messages': secret}",
        "{'messages' 'secret'}",
        "{'messages': 'secret}",
        "{'messages': 'sec\nret'}",
        "{'messages': '\\secret'}",
        "{'temperature': NaN}",
        "{'temperature': Infinity}",
        "{'temperature': 01}",
        "{'temperature': +1}",
        "{'temperature': .5}",
        "{'messages': [],}",
        "{messages: []}",
        "/* secret */ {}",
        VALID + "secret",
        VALID + "{}",
        VALID + "]"
      })
  void invalidJsonIsRejectedWithoutBeingQuoted(String body) {
    var refusal = refusalOf(() -> Json.chat(body));

    assertCannotBeParsed(refusal);
    assertThat(refusal).hasMessageContaining("(line 1, column ").hasMessageNotContaining("secret");
    assertThat(refusal).hasNoCause();
  }

  private static final String CHAT = "{'messages':[{'role':'user','content':'%s'}]%s}";

  @ParameterizedTest
  @ValueSource(
      strings = {"\\ud800", "a\\uDFFF", "\\udc00\\ud800", "\\ud83d!", "\\ud83d\\ud83d\\ude00"})
  void halfOfASurrogatePairIsRefusedWhereverItStands(String half) {
    String tool = ",'tools':[{'type':'function','function':{'name':'f','x':['" + half + "']}}]";
    for (String body : List.of(CHAT.formatted(half, ""), CHAT.formatted("", tool))) {
      var refusal = refusalOf(() -> Json.chat(body));

      assertCannotBeParsed(refusal);
      assertThat(refusal).hasMessageContaining("an unpaired surrogate");
    }
    assertCannotBeParsed(
        refusalOf(() -> Json.chat(CHAT.formatted("", ",'metadata':{'" + half + "':'x'}"))));
  }

  @Test
  void halfOfASurrogatePairIsRefusedAsBytesAndInOtherEncodings() {
    String body = CHAT.replace('\'', '"').formatted("%", "");
    var raw = new ByteArrayOutputStream();
    for (byte b : body.getBytes(StandardCharsets.ISO_8859_1)) {
      raw.writeBytes(
          b == '%' ? new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80} : new byte[] {b});
    }
    byte[] utf16 = body.replace("%", "\\ud800").getBytes(StandardCharsets.UTF_16BE);

    for (byte[] encoded : List.of(raw.toByteArray(), utf16)) {
      assertCannotBeParsed(refusalOf(() -> new RequestJson(JsonLimits.DEFAULT).chat(encoded)));
    }
  }

  @Test
  void wholeSurrogatePairsAndTheirNeighboursAreRead() {
    assertThat(
            Json.chat(CHAT.formatted("\\ud83d\\ude00 \\ud7ff \\ue000 \uD55C \uD83D\uDE00", ""))
                .messages())
        .hasSize(1);
  }

  @Test
  void theLineOfTheErrorIsNamed() {
    var refusal = refusalOf(() -> Json.chat("{\n  'model': 'm',\n  'messages': oops\n}"));

    assertThat(refusal).hasMessageContaining("(line 3, column ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "5", "'text'", "true", "[{'messages': []}]"})
  void aBodyThatIsNotAnObjectIsRejected(String body) {
    var refusal = refusalOf(() -> Json.chat(body));

    assertCannotBeParsed(refusal);
    assertThat(refusal).hasMessageContaining("it is not an object");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\n\n", "\t"})
  void anEmptyBodyIsRefused(String blank) {
    var empty = refusalOf(() -> new RequestJson(JsonLimits.DEFAULT).chat(new byte[0]));

    assertCannotBeParsed(empty);
    assertThat(empty).hasMessageContaining("it is empty");
    assertCannotBeParsed(refusalOf(() -> Json.completion(blank)));
  }

  @Test
  void invalidUtf8IsRefused() {
    for (byte[] invalid :
        new byte[][] {{(byte) 0xff}, {(byte) 0xc3, '"'}, {(byte) 0xe2, (byte) 0x28, (byte) 0xa1}}) {
      var body = new ByteArrayOutputStream();
      body.writeBytes(bytes("{'messages': [{'role': 'user', 'content': 'secret "));
      body.writeBytes(invalid);
      body.writeBytes(bytes("'}]}"));

      var refusal = refusalOf(() -> new RequestJson(JsonLimits.DEFAULT).chat(body.toByteArray()));

      assertCannotBeParsed(refusal);
      assertThat(refusal).hasMessageNotContaining("secret");
    }
  }

  /** Bytes in which a filter in front of the service would read another text, or none. */
  @ParameterizedTest
  @ValueSource(strings = {"c080", "c0af", "c1bf", "e08080", "eda080", "f08080af", "f4908080", "00"})
  void overlongEncodingsAndInvalidCharactersAreRejected(String hex) {
    for (String text : List.of("{'%': 1, 'messages': []}", "{'messages': [{'content': '%'}]}")) {
      var body = new ByteArrayOutputStream();
      for (byte b : bytes(text)) {
        body.writeBytes(b == '%' ? HexFormat.of().parseHex(hex) : new byte[] {b});
      }

      var refusal = refusalOf(() -> new RequestJson(JsonLimits.DEFAULT).chat(body.toByteArray()));

      assertCannotBeParsed(refusal);
      assertThat(refusal).hasMessageContaining("it is not valid UTF-8");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
  void otherEncodingsAreRefused(String encoding) {
    byte[] body = VALID.replace('\'', '"').getBytes(Charset.forName(encoding));

    var refusal = refusalOf(() -> new RequestJson(JsonLimits.DEFAULT).chat(body));

    assertCannotBeParsed(refusal);
    assertThat(refusal).hasMessageContaining("it is not valid UTF-8");
  }

  @Test
  void aByteOrderMarkIsSkipped() {
    byte[] body = ("\ufeff" + VALID.replace('\'', '"')).getBytes(StandardCharsets.UTF_8);

    assertThat(new RequestJson(JsonLimits.DEFAULT).chat(body).request().messages()).hasSize(1);
  }

  @Test
  void ofTwoFieldsOfOneNameTheLastCounts() {
    assertThat(Json.completion("{'model': 'a', 'prompt': 'p', 'model': 'b'}").model())
        .isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[ | messages[0][0][0]",
        "{'a': | messages.a.a.a",
        "{'text of the caller': | messages",
        "{'': | messages"
      })
  void deepNestingIsRefusedQuickly(String level, String field) {
    byte[] body = bytes("{'messages': " + level.repeat(100_000));

    assertTimeoutPreemptively(
        Duration.ofSeconds(1),
        () -> {
          var refusal = refusalOf(() -> new RequestJson(JsonLimits.DEFAULT).chat(body));

          assertCannotBeParsed(refusal, field, "nesting_above_max_depth");
          assertThat(refusal)
              .hasMessageContaining("'" + field + "' is nested more than 100 levels deep")
              .hasMessageNotContaining("caller");
        });
  }

  @Test
  void aNumberOfAMillionDigitsIsRefusedQuickly() {
    byte[] body = bytes("{'seed': " + "9".repeat(1_000_000) + "}");

    assertTimeoutPreemptively(
        Duration.ofSeconds(1),
        () ->
            assertThat(refusalOf(() -> new RequestJson(JsonLimits.DEFAULT).chat(body)))
                .hasMessageContaining("'seed' is a number of more than 100 characters"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e99999999999", "-1e99999999999", "1.5e2147483648"})
  void anExponentThatNoNumberHasIsRefused(String number) {
    var refusal = refusalOf(() -> Json.chatWith("'temperature': " + number));

    assertThat(refusal.status()).isEqualTo(400); // who refuses it depends on Jackson's version
  }

  @Test
  void aLongPromptIsRead() {
    String prompt = "word ".repeat(5_000_000);

    assertThat(Json.completion("{'prompt': '" + prompt + "'}").prompt())
        .isEqualTo(new Prompt.Texts(List.of(prompt)));
  }

  @Test
  void aSchemaMayBeNestedAsDeepAsPeopleWriteThem() {
    String schema = "{'properties':".repeat(60) + "1" + "}".repeat(60);

    assertThat(Json.chatWith("'response_format': {'type': 'json_schema', 'x': " + schema + "}"))
        .isNotNull();
  }

  private static void assertCannotBeParsed(InvalidRequestException refusal) {
    assertCannotBeParsed(refusal, null, null);
  }

  private static void assertCannotBeParsed(
      InvalidRequestException refusal, @Nullable String param, @Nullable String code) {
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.type()).isEqualTo("invalid_request_error");
    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal)
        .hasMessageStartingWith("We could not parse the JSON body of your request")
        .hasMessageEndingWith("The OpenAI API expects a JSON payload.");
  }
}
