package io.github.openaikserve.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The report on readability finds what it is to find. Its findings do not fail the build. */
final class ReadabilityTest {
  @Test
  void aLongSentenceIsFound() {
    assertThat(Readability.findings(page("word ".repeat(31) + "end.\n\nShort one here.\n")))
        .singleElement()
        .satisfies(finding -> assertThat(finding.reason()).isEqualTo("32 words"));
  }

  @Test
  void aPassiveChainIsFound() {
    assertThat(Readability.findings(page("It is made so that it is sent. The server sends it.")))
        .singleElement()
        .satisfies(finding -> assertThat(finding.reason()).isEqualTo("2 passives"));
  }

  @Test
  void codeAndTablesAreNotOneSentence() {
    String text =
        "```\n" + "word ".repeat(40) + "\n```\n\n| a cell of ten | " + "`x` ".repeat(5) + "|\n";
    assertThat(Readability.findings(page(text))).isEmpty();
  }

  private static Page page(String text) {
    return new Page(Path.of("PAGE.md"), text);
  }
}
