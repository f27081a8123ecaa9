package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.MessageContent;
import io.github.openaikserve.testing.FakeBackend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Images and sounds: carried where the dialect and the template can, else refused. */
final class MediaPartsTest {
  private static final ContentPart IMAGE =
      new ContentPart.Media("image_url", Map.of("url", "data:image/png;base64,AAAA"));
  private static final ContentPart SOUND =
      new ContentPart.Media("input_audio", Map.of("data", "BBBB", "format", "wav"));
  private static final ContentPart FILE =
      new ContentPart.Media("file", Map.of("file_id", "file-1"));

  private static final Dialect SEEING =
      Dialect.builder("seeing")
          .input("prompt", Datatype.BYTES, RequestField.PROMPT)
          .input("image", Datatype.BYTES, RequestField.IMAGES)
          .input("audio", Datatype.BYTES, RequestField.AUDIO)
          .output("text", ResponseField.TEXT)
          .build();

  /** Writes a place for each part. */
  private static final ChatTemplate PLACES =
      conversation -> {
        var parts = ((MessageContent.Parts) content(conversation.messages().get(0))).parts();
        return new ChatPrompt(
            "<part>".repeat(parts.size()),
            List.of(),
            false,
            parts.stream()
                .filter(ContentPart.Media.class::isInstance)
                .map(ContentPart.Media.class::cast)
                .toList());
      };

  @Test
  void areCarriedWhereThereAreTensorsForThem() {
    var backend = FakeBackend.responses(InferResponse.of(Tensor.text("text", "a cat")));
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(SEEING).chatTemplate(PLACES))
            .build();

    openai.chatCompletions().create(request(IMAGE, SOUND, IMAGE));

    assertThat(backend.onlyRequest().inputs())
        .containsExactly(
            Tensor.text("prompt", "<part><part><part>"),
            Tensor.text("image", "data:image/png;base64,AAAA", "data:image/png;base64,AAAA"),
            Tensor.text("audio", "BBBB"));
  }

  @Test
  void mediaPartsAreRenderedByAJinjaTemplateThatSupportsThem() {
    var template =
        ChatTemplates.fromJinja(
            "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}"
                + "{% for p in m.content %}{{ '<image>' if p.type == 'image' else p.text }}"
                + "{% endfor %}{% endif %}{% endfor %}");
    var backend = FakeBackend.responses(InferResponse.of(Tensor.text("text", "a cat")));
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(SEEING).chatTemplate(template))
            .build();

    openai.chatCompletions().create(request(new ContentPart.Text("What is "), IMAGE));
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class, () -> openai.chatCompletions().create(request(SOUND)));

    assertThat(backend.onlyRequest().inputs())
        .containsExactly(
            Tensor.text("prompt", "What is <image>"),
            Tensor.text("image", "data:image/png;base64,AAAA"));
    assertThat(refusal.param()).isEqualTo("messages[0].content[0]");
  }

  @Test
  void areRefusedByNameWhereTheServerTakesNone() {
    for (ContentPart part : List.of(IMAGE, SOUND, FILE)) {
      var refusal = refusal(Dialects.ANYSERVE, part);

      assertThat(refusal.param()).isEqualTo("messages[0].content[1]");
      assertThat(refusal).hasMessageContaining(part.type());
    }
    assertThat(refusal(SEEING, FILE).param()).isEqualTo("messages[0].content[1]");
  }

  @Test
  void areRefusedWhereTheTemplateHasNoPlaceForThem() {
    assertThat(refusal(SEEING, IMAGE).param()).isEqualTo("messages[0].content[1]");
  }

  private static InvalidRequestException refusal(Dialect dialect, ContentPart part) {
    var openai = OpenAiKServe.builder(FakeBackend.tokens("x")).model("m", dialect).build();
    return catchThrowableOfType(
        InvalidRequestException.class,
        () -> openai.chatCompletions().create(request(new ContentPart.Text("Hi"), part)));
  }

  private static MessageContent content(Object message) {
    return ((UserMessage) message).content();
  }

  private static CreateChatCompletionRequest request(ContentPart... parts) {
    return CreateChatCompletionRequest.builder()
        .message(new UserMessage(new MessageContent.Parts(List.of(parts)), null, Map.of()))
        .build();
  }
}
