package io.github.openaikserve.internal.request.field;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.RequestKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of other servers' fields and the documentation page say the same. */
final class ForeignFieldsTest {
  private static final Path PAGE = Path.of("docs/API.md");

  @ParameterizedTest
  @CsvSource({"REJECTED, - rejected", "DROPPED, - dropped"})
  void thePageListsTheTableRows(FieldHandling handling, String begin) throws IOException {
    String page = Files.readString(PAGE);
    String section = page.substring(page.indexOf("## Fields of other servers"));
    String item = section.substring(section.indexOf(begin));
    String list = item.substring(0, Math.min(end(item, "\n- "), end(item, "\n\n")));

    List<String> listed =
        Pattern.compile("`([a-z_]+)`")
            .matcher(list)
            .results()
            .map(ForeignFieldsTest::name)
            .toList();

    assertThat(listed).containsExactlyElementsOf(ForeignFields.names(handling));
  }

  private static int end(String text, String mark) {
    int end = text.indexOf(mark);
    return end < 0 ? text.length() : end;
  }

  private static String name(MatchResult found) {
    return found.group(1);
  }

  @ParameterizedTest
  @CsvSource({"CHAT", "COMPLETION"})
  void noRowHidesAFieldOfRequests(RequestKind kind) {
    for (FieldHandling handling : List.of(FieldHandling.REJECTED, FieldHandling.DROPPED)) {
      assertThat(ForeignFields.names(handling))
          .filteredOn(name -> !name.equals("truncate_prompt_tokens")) // the row is for embeddings
          .allMatch(name -> RequestFields.named(kind, name) == null);
    }
  }
}
