package io.github.openaikserve.internal.json.write;

import static io.github.openaikserve.internal.json.read.Json.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.internal.json.read.Json;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionChunk.Delta;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.ListModelsResponse;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.openai.ReasoningFields;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The bytes of every answer: order and presence of each key are what clients depend upon. */
class AnswersTest {
  private static final CompletionUsage USAGE = new CompletionUsage(3, 4, false);

  @Test
  void aChatCompletion() {
    var answer = new ChatCompletion("c-1", 17, "m", List.of(said(0, "hi")), USAGE, List.of("seed"));

    assertThat(string(AnswerWriter.write(answer, ReasoningFields.BOTH)))
        .isEqualTo(
            json(
                "{'id':'c-1','object':'chat.completion','created':17,'model':'m','choices':["
                    + "{'index':0,'message':{'role':'assistant','content':'hi','refusal':null},"
                    + "'logprobs':null,'finish_reason':'stop'}],"
                    + "'usage':{'prompt_tokens':3,'completion_tokens':4,'total_tokens':7}}"));
  }

  @Test
  void aChatCompletionWithoutContentOrUsage() {
    var answer =
        new ChatCompletion("c", 17, "m", List.of(said(0, null), said(1, "")), null, List.of());

    assertThat(string(AnswerWriter.write(answer, ReasoningFields.BOTH)))
        .contains(json("'content':null"))
        .contains(json("{'index':1,'message':{'role':'assistant','content':''"))
        .doesNotContain("usage");
  }

  @Test
  void theFirstChunkHasTheRole() {
    assertThat(
            string(
                AnswerWriter.write(
                    chunk(new Delta("assistant", ""), null), false, ReasoningFields.BOTH)))
        .isEqualTo(
            json(
                "{'id':'c','object':'chat.completion.chunk','created':17,'model':'m','choices':["
                    + "{'index':0,'delta':{'role':'assistant','content':''},"
                    + "'logprobs':null,'finish_reason':null}]}"));
  }

  @Test
  void aChunkOfTextHasNoRole() {
    assertThat(
            string(
                AnswerWriter.write(chunk(new Delta(null, "hi"), null), true, ReasoningFields.BOTH)))
        .contains(json("'delta':{'content':'hi'},'logprobs':null,'finish_reason':null}]"))
        .endsWith(json(",'usage':null}"));
  }

  @Test
  void theFinishChunkHasAnEmptyDelta() {
    assertThat(
            string(
                AnswerWriter.write(
                    chunk(new Delta(null, null), FinishReason.LENGTH),
                    false,
                    ReasoningFields.BOTH)))
        .endsWith(json("{'index':0,'delta':{},'logprobs':null,'finish_reason':'length'}]}"));
  }

  @Test
  void theUsageChunkHasNoChoices() {
    var chunk = new ChatCompletionChunk("c", 17, "m", List.of(), new CompletionUsage(3, 4, true));

    assertThat(string(AnswerWriter.write(chunk, true, ReasoningFields.BOTH)))
        .endsWith(
            json(
                "'choices':[],'usage':{'prompt_tokens':3,'completion_tokens':4,"
                    + "'total_tokens':7,'estimated':true}}"));
  }

  @Test
  void aCompletion() {
    assertThat(string(AnswerWriter.write(completion(FinishReason.STOP, USAGE))))
        .isEqualTo(
            json(
                "{'id':'c','object':'text_completion','created':17,'model':'m','choices':["
                    + "{'text':'hi','index':0,'logprobs':null,'finish_reason':'stop'}],"
                    + "'usage':{'prompt_tokens':3,'completion_tokens':4,'total_tokens':7}}"));
  }

  @Test
  void aPieceOfACompletion() {
    var piece = completion(null, null);

    assertThat(string(AnswerWriter.writeChunk(piece, true)))
        .endsWith(json("'finish_reason':null}],'usage':null}"));
    assertThat(string(AnswerWriter.writeChunk(piece, false)))
        .endsWith(json("'finish_reason':null}]}"));
  }

  @Test
  void aModel() {
    assertThat(string(ModelWriter.write(Model.builder("m").created(17).ownedBy("me").build())))
        .isEqualTo(json("{'id':'m','object':'model','created':17,'owned_by':'me'}"));
  }

  @Test
  void aListOfModels() {
    var models =
        new ListModelsResponse(List.of(Model.builder("m").created(17).ownedBy("me").build()));

    assertThat(string(ModelWriter.write(models)))
        .isEqualTo(
            json(
                "{'object':'list','data':["
                    + "{'id':'m','object':'model','created':17,'owned_by':'me'}]}"));
    assertThat(string(ModelWriter.write(new ListModelsResponse(List.of()))))
        .isEqualTo(json("{'object':'list','data':[]}"));
  }

  @Test
  void anError() {
    assertThat(string(new ErrorResponse("no", "server_error", "p", "c").json()))
        .isEqualTo(json("{'error':{'message':'no','type':'server_error','param':'p','code':'c'}}"));
    assertThat(string(new ErrorResponse("no", "server_error", null, null).json()))
        .isEqualTo(
            json("{'error':{'message':'no','type':'server_error','param':null,'code':null}}"));
  }

  @Test
  void everyFinishReasonIsOpenAisWord() {
    for (FinishReason reason : FinishReason.values()) {
      assertThat(
              Json.parse(AnswerWriter.write(completion(reason, null)))
                  .at("/choices/0/finish_reason"))
          .hasToString('"' + reason.value() + '"');
    }
  }

  @Test
  void anythingThatSomeClientTakesForTheEndOfALineIsEscaped() {
    String text = "a\nb\rc\u000bd\u000ce\u001cf\u0085g\u2028h\u2029i";

    assertThat(written(text)).isEqualTo("a\\nb\\rc\\u000Bd\\fe\\u001Cf\\u0085g\\u2028h\\u2029i");
  }

  @Test
  void quotesAndBackslashesAreEscapedAndOtherCharactersAreNot() {
    assertThat(written("\"\\\t\u0000\u007f/<é漢")).isEqualTo("\\\"\\\\\\t\\u0000\u007f/<é漢");
  }

  @Test
  void halvesOfSurrogatePairsAreReplaced() {
    assertThat(received("\uD83D\uDE00")).isEqualTo("\uD83D\uDE00");
    assertThat(received("\uD83D")).isEqualTo("\uFFFD");
    assertThat(received("a\uDE00b")).isEqualTo("a\uFFFDb");
    assertThat(received("\uD83D\uD83D\uDE00\uDE00")).isEqualTo("\uFFFD\uD83D\uDE00\uFFFD");
  }

  private static String received(String text) {
    return Json.parse(ModelWriter.write(Model.builder(text).created(17).ownedBy("me").build()))
        .get("id")
        .textValue();
  }

  private static String written(String text) {
    var choice = new Completion.Choice(0, text, null);
    String json =
        string(AnswerWriter.write(new Completion("c", 17, "m", List.of(choice), null, List.of())));
    int start = json.indexOf("\"text\":\"") + 8;
    return json.substring(start, json.indexOf("\",\"index\"", start));
  }

  private static String json(String json) {
    return json.replace('\'', '"');
  }

  private static ChatCompletion.Choice said(int index, @Nullable String content) {
    return new ChatCompletion.Choice(index, new ChatCompletion.Message(content), FinishReason.STOP);
  }

  private static ChatCompletionChunk chunk(Delta delta, @Nullable FinishReason reason) {
    return new ChatCompletionChunk(
        "c", 17, "m", List.of(new ChatCompletionChunk.Choice(0, delta, reason)), null);
  }

  private static Completion completion(
      @Nullable FinishReason reason, @Nullable CompletionUsage usage) {
    var choice = new Completion.Choice(0, "hi", reason);
    return new Completion("c", 17, "m", List.of(choice), usage, List.of());
  }
}
