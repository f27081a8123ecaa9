package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.Tokenizer;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts and tokens, with a tokenizer whose tokens are characters. */
final class TokenizationTest {
  private static final String PROMPT = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n";

  private final FakeBackend server = FakeBackend.tokens("a");
  private final OpenAiKServe openai =
      OpenAiKServe.builder(server)
          .model(
              "m",
              m ->
                  m.dialect(Dialects.ANYSERVE)
                      .chatTemplate(ChatTemplates.CHATML)
                      .tokenCounter(new Characters()))
          .model("plain", Dialects.ANYSERVE)
          .build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'prompt':'Hé'} | {'count':2,'max_model_len':null,'tokens':[72,233],'token_strs':null}",
        "{'prompt':'Hi','return_token_strs':true} |"
            + " {'count':2,'max_model_len':null,'tokens':[72,105],'token_strs':['H','i']}",
        "{'prompt':''} | {'count':0,'max_model_len':null,'tokens':[],'token_strs':null}",
        "{'content':'Hi','model':'m'} | {'tokens':[72,105]}",
        "{'content':'H','with_pieces':true} | {'tokens':[{'id':72,'piece':'H'}]}"
      })
  void aTextIsTokenizedInTheFormOfItsRequest(String request, String response) {
    ApiResponse answer = post("/tokenize", request);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(json(Bodies.text(answer))).isEqualTo(json(response.replace('\'', '"')));
  }

  @Test
  void aChatIsTokenizedAsItsPrompt() {
    ApiResponse answer =
        post("/tokenize", "{'messages':[{'role':'user','content':'Hi'}],'model':'m'}");

    assertThat(json(Bodies.text(answer)).get("count").intValue()).isEqualTo(PROMPT.length());
    assertThat(openai.tokenization().encode(r -> r.model("m").user("Hi")))
        .isEqualTo(PROMPT.codePoints().toArray());
  }

  @Test
  void tokensBecomeTheirTextUnderBothNames() {
    ApiResponse answer = post("/detokenize", "{'tokens':[72,233]}");

    assertThat(Bodies.text(answer)).contains("\"prompt\":\"Hé\"", "\"content\":\"Hé\"");
    assertThat(openai.tokenization().decode("m", 72, 105)).isEqualTo("Hi");
  }

  @Test
  void aChatIsShownAsItsPromptAndNothingIsSent() {
    ApiResponse answer = post("/apply-template", "{'messages':[{'role':'user','content':'Hi'}]}");

    assertThat(json(Bodies.text(answer)).get("prompt").textValue()).isEqualTo(PROMPT);
    assertThat(openai.tokenization().render(r -> r.user("Hi"))).isEqualTo(PROMPT);
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void countsOfAModelWithATokenizerAreExact() {
    var chat = openai.chatCompletions().create(r -> r.model("m").user("Hi"));

    assertThat(Objects.requireNonNull(chat.usage()).promptTokens()).isEqualTo(PROMPT.length());
  }

  @Test
  void fieldsWithoutEffectAreNamed() {
    ApiResponse answer =
        post("/tokenize", "{'prompt':'Hi','add_special_tokens':false,'a b':1,'x':null}");

    assertThat(answer.headers())
        .containsEntry("x-openai-kserve-dropped-params", "add_special_tokens, unknown");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/tokenize | {} | 400 | prompt",
        "/tokenize | {'prompt':5} | 400 | prompt",
        "/tokenize | {'prompt':'a','content':'b'} | 400 | prompt",
        "/tokenize | {'messages':[],'prompt':'b'} | 400 | prompt",
        "/tokenize | {'messages':[]} | 400 | messages",
        "/tokenize | {'prompt':'a','model':'none'} | 404 | model",
        "/tokenize | {'prompt':'a','model':'plain'} | 400 | model",
        "/tokenize | {'prompt':'0123456789012345'} | 200 | ",
        "/tokenize | {'prompt':'01234567890123456'} | 400 | prompt",
        "/detokenize | {} | 400 | tokens",
        "/detokenize | {'tokens':7} | 400 | tokens",
        "/detokenize | {'tokens':[72,'a']} | 400 | tokens[1]",
        "/detokenize | {'tokens':[72,-1]} | 400 | tokens",
        "/apply-template | {} | 400 | messages"
      })
  void mistakesAreNamed(String path, String body, int status, String param) {
    ApiResponse answer = post(path, body);

    assertThat(answer.status()).isEqualTo(status);
    if (param != null) {
      assertThat(json(Bodies.text(answer)).at("/error/param").textValue()).isEqualTo(param);
    } else {
      answer.body().close();
    }
  }

  @Test
  void aModelWithoutATokenizerIsRejectedInJavaToo() {
    assertThatThrownBy(() -> openai.tokenization().encode("plain", "Hi"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith("The model 'plain' has no tokenizer");
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private ApiResponse post(String path, String body) {
    return openai.httpHandler().handle(Requests.post(path, body.replace('\'', '"'))).join();
  }

  /** Takes prompts of chats, and of texts at most 16 characters. */
  private static final class Characters implements Tokenizer {
    @Override
    public int[] encode(String text) {
      if (text.length() > 16 && !text.contains("<|")) {
        throw new IllegalArgumentException("it is too long");
      }
      return text.codePoints().toArray();
    }

    @Override
    public String decode(int[] tokens) {
      return new String(tokens, 0, tokens.length);
    }
  }
}
