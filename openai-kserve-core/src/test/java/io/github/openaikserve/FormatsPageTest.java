package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.chat.format.ToolCallFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tables of FORMATS.md are generated from the code. Where they differ, the generated page is
 * {@code target/FORMATS.md}.
 */
final class FormatsPageTest {
  private static final Path PAGE = Path.of("docs/FORMATS.md");
  private static final Path GENERATED = Path.of("target/FORMATS.md");
  private static final String BEGIN = "<!-- generated -->\n";
  private static final String END = "<!-- end -->\n";

  @Test
  void theTablesAreThoseOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);

    String generated = page.substring(0, begin) + tables() + page.substring(end);
    Files.writeString(GENERATED, generated);

    assertThat(page).isEqualTo(generated);
  }

  @Test
  void thereAreAsManyFormatsAsThePeersHave() {
    assertThat(ToolCallFormats.all()).hasSizeGreaterThanOrEqualTo(44);
    assertThat(ReasoningFormats.all()).hasSizeGreaterThanOrEqualTo(31);
  }

  @Test
  void thePagesCountNamesAndFormats() throws IOException {
    String counted =
        "%d tool-call formats with %d names, and %d reasoning formats with %d names"
            .formatted(
                patterns(ToolCallFormats.all().stream().map(ToolCallFormat::pattern)),
                ToolCallFormats.names().size(),
                patterns(ReasoningFormats.all().stream().map(ReasoningFormat::pattern)),
                ReasoningFormats.names().size());

    for (Path page : List.of(PAGE, Path.of("../.github/CHANGELOG.md"))) {
      assertThat(Files.readString(page)).as("%s", page).contains(counted);
    }
  }

  private static long patterns(Stream<String> patterns) {
    return patterns.distinct().count();
  }

  private static String tables() {
    var text = new StringBuilder("\n## Tool calls\n\n| `tool_call_format` | a call |\n|---|---|\n");
    ToolCallFormats.all().forEach(f -> text.append(row(f.name(), f.pattern())));
    text.append("\n## Reasoning\n\n| `reasoning_format` | an answer |\n|---|---|\n");
    ReasoningFormats.all().forEach(f -> text.append(row(f.name(), f.pattern())));
    return text.append('\n').toString();
  }

  private static String row(String name, String pattern) {
    String code = pattern.contains("`") ? "```` " + pattern + " ````" : "`" + pattern + "`";
    return "| `" + name + "` | " + code.replace("|", "\\|") + " |\n";
  }
}
