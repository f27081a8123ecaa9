package io.github.openaikserve.internal.json.write;

import static io.github.openaikserve.internal.json.read.Json.parse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.internal.json.read.Json;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.openai.ReasoningFields;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class AnyAnswerProperties {
  /** Every UTF-16 unit, halves of surrogate pairs and control characters among them. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Character> units =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.chars().range('\0', '\u00ff')),
            Tuple.of(2, Arbitraries.chars().range('\ud7f0', '\ue010')),
            Tuple.of(1, Arbitraries.chars().all()));
    return units.list().ofMaxSize(60).map(AnyAnswerProperties::joined);
  }

  @Property(tries = 2000)
  void anyTextComesBackFromAChat(@ForAll("texts") String text) {
    var choice = new ChatCompletion.Choice(0, new ChatCompletion.Message(text), FinishReason.STOP);
    var answer = new ChatCompletion(text, 17, text, List.of(choice), null, List.of());

    JsonNode json = parse(AnswerWriter.write(answer, ReasoningFields.BOTH));

    assertThat(json.at("/choices/0/message/content").textValue()).isEqualTo(sent(text));
    assertThat(json.at("/id").textValue()).isEqualTo(sent(text));
    assertThat(json.at("/model").textValue()).isEqualTo(sent(text));
  }

  @Property(tries = 2000)
  void anyTextComesBackFromAChunkAndIsOneLine(@ForAll("texts") String text) {
    var choice =
        new ChatCompletionChunk.Choice(0, new ChatCompletionChunk.Delta("assistant", text), null);

    byte[] written =
        AnswerWriter.write(
            new ChatCompletionChunk("c", 17, "m", List.of(choice), null),
            true,
            ReasoningFields.BOTH);

    assertThat(parse(written).at("/choices/0/delta/content").textValue()).isEqualTo(sent(text));
    assertThat(Json.string(written)).doesNotContainPattern("\\R");
  }

  @Property(tries = 1000)
  void anyTextComesBackFromACompletionAnErrorAndAModel(@ForAll("texts") String text) {
    var choice = new Completion.Choice(0, text, null);
    var piece = new Completion("c", 17, "m", List.of(choice), null, List.of());
    var error = new ErrorResponse(text, text, text, text);

    JsonNode errorJson = parse(error.json()).get("error");

    assertThat(parse(AnswerWriter.writeChunk(piece, true)).at("/choices/0/text").textValue())
        .isEqualTo(sent(text));
    assertThat(errorJson).hasSize(4).allMatch(field -> field.textValue().equals(sent(text)));
    assertThat(
            parse(ModelWriter.write(Model.builder(text).created(1).ownedBy(text).build()))
                .get("owned_by")
                .textValue())
        .isEqualTo(sent(text));
  }

  @Property(tries = 500)
  void anyUsageComesBack(@ForAll boolean estimated, @ForAll byte prompt, @ForAll byte completion) {
    int promptTokens = Byte.toUnsignedInt(prompt);
    int completionTokens = Byte.toUnsignedInt(completion);
    var usage = new CompletionUsage(promptTokens, completionTokens, estimated);

    JsonNode json =
        parse(
                AnswerWriter.write(
                    new ChatCompletionChunk("c", 17, "m", List.of(), usage),
                    true,
                    ReasoningFields.BOTH))
            .get("usage");

    assertThat(json.get("prompt_tokens").intValue()).isEqualTo(promptTokens);
    assertThat(json.get("completion_tokens").intValue()).isEqualTo(completionTokens);
    assertThat(json.get("total_tokens").intValue()).isEqualTo(promptTokens + completionTokens);
    assertThat(json.has("estimated")).isEqualTo(estimated);
  }

  /** Code points that are still surrogates are the halves that stand alone. */
  private static String sent(String text) {
    var sent = new StringBuilder();
    text.codePoints()
        .map(c -> Character.getType(c) == Character.SURROGATE ? 0xfffd : c)
        .forEach(sent::appendCodePoint);
    return sent.toString();
  }

  private static String joined(List<Character> units) {
    var text = new StringBuilder();
    units.forEach(text::append);
    return text.toString();
  }
}
