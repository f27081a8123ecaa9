package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.openai.OpenAiSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The one table of fields, the documentation page and OpenAI's schemas say the same. */
final class FieldTableTest {
  private static final Path PAGE = Path.of("docs/API.md");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z0-9_\\[\\]]+)` \\| ([a-z]+) \\| ([a-z]+) \\|", Pattern.MULTILINE);

  @ParameterizedTest
  @CsvSource({
    "CHAT, CreateChatCompletionRequest",
    "COMPLETION, CreateCompletionRequest",
    "EMBEDDING, CreateEmbeddingRequest",
  })
  void everyFieldOfOpenAisSchemaHasAHandling(RequestKind kind, String schema) {
    List<String> known =
        Arrays.stream(RequestField.values())
            .filter(field -> field.kinds().contains(kind))
            .flatMap(field -> field.jsonNames().stream())
            .toList();

    assertThat(known).doesNotHaveDuplicates();
    assertThat(known).containsAll(OpenAiSchemas.requestFields(schema));
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT, ## POST /v1/chat/completions",
    "COMPLETION, ## POST /v1/completions",
    "EMBEDDING, ## POST /v1/embeddings",
    "SCORE, ## POST /v1/rerank",
    "CLASSIFICATION, ## POST /v1/classify",
    "TRANSCRIPTION, ## POST /v1/audio/transcriptions",
    "SPEECH, ## POST /v1/audio/speech",
  })
  void thePageMatchesTheTable(RequestKind kind, String heading) throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(heading);
    int end = page.indexOf("\n## ", begin + 1);
    Map<String, String> documented = new LinkedHashMap<>();
    ROW.matcher(page.substring(begin, end))
        .results()
        .forEach(row -> documented.put(row.group(1), row.group(2) + ", " + row.group(3)));

    Map<String, String> actual = new LinkedHashMap<>();
    for (RequestField field : RequestField.values()) {
      if (field.kinds().contains(kind)) {
        FieldHandling anyServe =
            Dialects.ANYSERVE.carries(field)
                    || Dialects.ANYSERVE.serving(RequestKind.EMBEDDING).orElseThrow().carries(field)
                ? FieldHandling.MAPPED
                : field.withoutTensor();
        field
            .jsonNames()
            .forEach(name -> actual.put(name, word(anyServe) + ", " + word(field.withoutTensor())));
      }
    }
    assertThat(documented).containsExactlyEntriesOf(actual);
  }

  @Test
  void thePageNamesEveryTemplate() throws IOException {
    String page = Files.readString(PAGE);

    assertThat(ChatTemplates.names()).allMatch(name -> page.contains("`" + name + "`"));
  }

  private static String word(FieldHandling handling) {
    return handling.name().toLowerCase(Locale.ROOT);
  }
}
