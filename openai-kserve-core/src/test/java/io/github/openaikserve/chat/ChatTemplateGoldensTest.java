package io.github.openaikserve.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonLimits;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The README beside the files tells where they come from. */
final class ChatTemplateGoldensTest {
  private static final Path GOLDENS = Path.of("src/test/resources/chat-templates");
  private static final LocalDateTime DAY = LocalDateTime.of(2025, 1, 2, 0, 0);

  @ParameterizedTest
  @MethodSource("templatesAndCases")
  void everyCaseIsRenderedInTheModelsFormat(String name, String file) throws IOException {
    Path golden = GOLDENS.resolve(name).resolve(file);
    Conversation conversation = conversation(file.substring(0, file.lastIndexOf('.')));
    ChatTemplate template = template(name);

    if (file.endsWith(".txt")) {
      assertThat(template.render(conversation).text()).isEqualTo(Files.readString(golden));
    } else {
      InvalidRequestException refusal =
          catchThrowableOfType(InvalidRequestException.class, () -> template.render(conversation));
      assertThat(refusal).isNotNull();
      assertThat(refusal.status()).isEqualTo(400);
      assertThat(refusal.param()).isEqualTo(Files.readString(golden).strip());
    }
  }

  @Test
  void everyBuiltInTemplateHasEveryCase() throws IOException {
    for (String name : ChatTemplates.names()) {
      if (!name.equals("plain")) {
        assertThat(files(GOLDENS.resolve(name)))
            .as(name)
            .extracting(file -> file.substring(0, file.lastIndexOf('.')))
            .containsExactlyInAnyOrderElementsOf(
                files(GOLDENS.resolve("cases")).stream().map(f -> f.replace(".json", "")).toList());
      }
    }
  }

  @Test
  void everyBuiltInTemplateIsOneItsParserReads() {
    assertThat(ChatTemplates.names())
        .hasSize(21)
        .allSatisfy(name -> assertThat(template(name).reads("probe_argument")).isFalse());
  }

  static Stream<Arguments> templatesAndCases() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (String name : ChatTemplates.names().stream().sorted().toList()) {
      if (!name.equals("plain")) {
        files(GOLDENS.resolve(name)).forEach(file -> all.add(Arguments.of(name, file)));
      }
    }
    return all.stream();
  }

  private static ChatTemplate template(String name) {
    ChatTemplate template = ChatTemplates.byName(name).orElseThrow();
    return template instanceof JinjaChatTemplate jinja ? jinja.at(() -> DAY) : template;
  }

  private static Conversation conversation(String name) throws IOException {
    byte[] json = Files.readAllBytes(GOLDENS.resolve("cases").resolve(name + ".json"));
    CreateChatCompletionRequest request = new RequestJson(JsonLimits.DEFAULT).chat(json).request();
    return new Conversation(
        request.messages(),
        request.tools() == null ? List.of() : request.tools(),
        arguments(request.extra().get("chat_template_kwargs")));
  }

  @SuppressWarnings("unchecked") // a JSON object
  private static Map<String, @Nullable Object> arguments(@Nullable Object given) {
    return given == null ? Map.of() : (Map<String, @Nullable Object>) given;
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
