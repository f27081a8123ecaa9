package io.github.openaikserve.internal.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The regular expressions of schemas: what they match, and in how many steps. */
final class LinearPatternTest {
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "ab",
          "aab",
          "abc",
          "b",
          "aXb",
          "2024-01-31",
          "x@y.org",
          "-12.5e3",
          "foo bar",
          "foo\nbar",
          "\uD83D\uDE00",
          "é",
          "A_1",
          "[]",
          "a-b",
          "aaaa",
          "{2}",
          "tab\tend",
          "abab",
          "12345",
          "AB-1234");

  private static boolean find(String pattern, String text) {
    return LinearPattern.compile(pattern).find(text, new Steps(1_000_000));
  }

  /** These mean in ECMA-262 what they mean in Java, except at a last line end. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "^a$",
        "^a*b$",
        "^a+b?$",
        "a|b",
        "^(?:a|ab)(?:c|bcd)?$",
        "^\\d{4}-\\d{2}-\\d{2}$",
        "^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$",
        "^-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?$",
        "^.*$",
        "foo.bar",
        "^.$",
        "^\\w+$",
        "\\bbar\\b",
        "o\\B",
        "^[\\w-]+$",
        "^[]a\\[\\]]+$|^x$",
        "^[a-c]{2,3}$",
        "^(ab)+$",
        "^(?<name>ab){2}$",
        "^(?!.*b)a",
        "^(?=.*b)a",
        "^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$",
        "^[A-Z]{2}-\\d{4}$",
        "\\t",
        "\\x61",
        "\\u0061b",
        "^\\p{L}$",
        "^\\P{L}$",
        "^a{2}$",
        "^a{2,}?b?$",
        "a??b",
        "^[^a]$",
        "\\.",
        "\\/",
        "^(|a)*b$"
      })
  void matchesTheSameTextsAsEcmaScript(String pattern) {
    if (pattern.startsWith("^[]")) {
      return; // an empty set in ECMA-262
    }
    for (String text : TEXTS) {
      assertThat(find(pattern, text))
          .as("%s in '%s'", pattern, text)
          .isEqualTo(Pattern.compile(pattern).matcher(text).find());
    }
  }

  @Test
  void syntaxThatDiffersInJavaFollowsEcmaScript() {
    assertThat(find("^a$", "a\n")).isFalse();
    assertThat(find("[]", "a")).isFalse();
    assertThat(find("^[^]$", "a")).isTrue();
    assertThat(find("^\\u{1F600}$", "\uD83D\uDE00")).isTrue();
    assertThat(find("^\\cJ$", "\n")).isTrue();
    assertThat(find("^[\\b]$", "\b")).isTrue();
    assertThat(find("^{2}$", "{2}")).isFalse();
  }

  /** Each takes java.util.regex hours or its stack. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "^(a+)+$",
        "^(a|a)*$",
        "^(a|aa)+$",
        "^(.*?,){15}P",
        "^(x|y)*$",
        "(|){40}c",
        "((a?){20}){20}b",
        "^(?:a*)*b",
        "^(a?){200}a{200}b$"
      })
  void aPatternTakesStepsInProportionToItsSizeAndTheTexts(String pattern) {
    String text = "a".repeat(2000) + "1,".repeat(1000) + "!";
    var steps = new Steps(Long.MAX_VALUE);

    assertThat(LinearPattern.compile(pattern).find(text, steps)).isFalse();

    assertThat(steps.taken()).isLessThan(2500L * (text.length() + 1));
  }

  @Test
  void aLongTextTakesNoStack() {
    assertThat(LinearPattern.compile("^(x|y)*$").find("xy".repeat(100_000), new Steps(10_000_000)))
        .isTrue();
  }

  @Test
  void aCheckEndsWhenItsStepsAreTaken() {
    LinearPattern pattern = LinearPattern.compile("(?:(?=a*b).)*c");

    assertThatThrownBy(() -> pattern.find("a".repeat(100_000), new Steps(1_000_000)))
        .isInstanceOf(Steps.ExhaustedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a)\\1",
        "^(?=(a+))\\1*b$",
        "(?<n>a)\\k<n>",
        "(?<=a)b",
        "(?<!a)b",
        "(?i)a",
        "(?>a)",
        "a{1001}",
        "(a{1000}){1000}",
        "((((){1000}){1000}){1000}){1000}",
        "(?=((){1000}){1000})",
        "a**b(",
        "(",
        ")",
        "[a",
        "*a",
        "[b-a]",
        "a{2,1}",
        "\\",
        "\\p{Nope}",
        "\\p",
        "\\x1",
        "\\y",
        "(?<n",
        "\\u{110000}"
      })
  void malformedOrUnsupportedPatternsAreRejected(String pattern) {
    assertThatIllegalArgumentException().isThrownBy(() -> LinearPattern.compile(pattern));
  }

  @Test
  void aPatternHasABoundedLengthAndDepth() {
    assertThatIllegalArgumentException().isThrownBy(() -> LinearPattern.compile("a".repeat(2001)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LinearPattern.compile("(".repeat(100) + ")".repeat(100)));
  }
}
