package io.github.openaikserve.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of rules are told from what is in quotes, brackets and braces. */
final class GrammarNamesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "root ::= a b-1 | p-root ::= p-a p-b-1",
        "root ::= \"a b\" c | p-root ::= \"a b\" p-c",
        "root ::= \"\\\" a\" c | p-root ::= \"\\\" a\" p-c",
        "root ::= [a-z\\]x] c | p-root ::= [a-z\\]x] p-c",
        "root ::= c{2,5} (d)? | p-root ::= p-c{2,5} (p-d)?",
        "root ::= \"open | p-root ::= \"open"
      })
  void onlyNamesGetThePrefix(String grammar, String prefixed) {
    assertThat(GrammarNames.prefixed(grammar, "p-")).isEqualTo(prefixed);
  }
}
