package io.github.openaikserve.internal.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts against Lark grammars: those of Lark's documentation, of OpenAI's guide and of Codex. */
final class LarkGrammarTest {
  private static final int STEPS = 2_000_000;

  /** Source: Codex CLI, {@code tool_apply_patch.lark}. */
  static final String PATCH =
      """
      start: begin_patch hunk+ end_patch
      begin_patch: "*** Begin Patch" LF
      end_patch: "*** End Patch" LF?

      hunk: add_hunk | delete_hunk | update_hunk
      add_hunk: "*** Add File: " filename LF add_line+
      delete_hunk: "*** Delete File: " filename LF
      update_hunk: "*** Update File: " filename LF change_move? change?

      filename: /(.+)/
      add_line: "+" /(.*)/ LF -> line

      change_move: "*** Move to: " filename LF
      change: (change_context | change_line)+ eof_line?
      change_context: ("@@" | "@@ " /(.+)/) LF
      change_line: ("+" | "-" | " ") /(.*)/ LF
      eof_line: "*** End of File" LF

      %import common.LF
      """;

  private static final String EXPRESSIONS =
      """
      // Sums and products.
      start: expr
      ?expr: term (("+" | "-") term)*
      ?term: factor (_op factor)*
      _op: "*"
         | "/"
      !factor.2: NUMBER -> number
               | "(" expr ")"
               | NAME "(" [expr ("," expr)*] ")"   # a call
      NAME: /[a-z_]\\w*/i
      %import common (NUMBER, WS)
      %ignore WS
      """;

  private static boolean matches(String grammar, String text) {
    return LarkGrammar.compile(grammar).matches(text, new Steps(STEPS));
  }

  @Test
  void aPatchOfCodex() {
    String patch =
        """
        *** Begin Patch
        *** Add File: hello.txt
        +Hello, wörld
        +
        *** Update File: src/app.py
        *** Move to: src/main.py
        @@ def greet():
        -print("Hi")
        +print("Hello")
         done
        *** End of File
        *** Delete File: obsolete.txt
        *** End Patch""";

    assertThat(matches(PATCH, patch)).isTrue();
    assertThat(matches(PATCH, patch + "\n")).isTrue();
    assertThat(matches(PATCH, patch.replace("*** End Patch", ""))).isFalse();
    assertThat(matches(PATCH, patch.replace("+Hello", "Hello"))).isFalse();
    assertThat(matches(PATCH, "*** Begin Patch\n*** End Patch")).isFalse();
    assertThat(matches(PATCH, "")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + 2 * (3 - 4)      | true",
        "max(1, f(), 2.5e3)/7 | true",
        "' 1 '                | true",
        "1 +                  | false",
        "1 2                  | false",
        "(1                   | false",
        "F(1,)                | false",
      })
  void anExpression(String text, boolean expected) {
    assertThat(matches(EXPRESSIONS, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "start: \"a\"~2              | aa   | a",
        "start: \"a\"~1..3           | aaa  | aaaa",
        "start: (\"a\"~2..3)+ \"b\"  | aaaaab | ab",
        "start: \"a\"~2+             | aaaa | aaa",
        "start: [\"a\"] \"b\"        | b    | aa",
        "start: \"ab\"i              | aB   | ac",
        "start: /[a-c]+/i            | AbC  | d",
        "start: \"a\"..\"f\"         | e    | g",
        "start: \"\\x41\\u00e9\\\"\" | Aé\"  | Aé",
        "start: /\\/x\\.y/           | /x.y | /xzy",
        "start: /\\w+ \\d/           | é 1  | - 1",
        "start: A\\nA: B B\\nB: \"b\" | bb  | b",
        "start: a+\\na: (\"b\"?)*    | bb   | c",
        "start: a \"c\"\\na: b\\nb: \"x\"* | c | x",
        "start: x-y\\nx-y: \"-\"     | -    | x",
        "start: NUM\\n%import common.SIGNED_NUMBER -> NUM | -1.5e-3 | -",
        "start: S\\n%import common.ESCAPED_STRING -> S | \"a\\\"b\" | \"a",
        "start: C\\n%import common.C_COMMENT -> C | /* x */ | /* x",
      })
  void eachConstruct(String grammar, String matching, String other) {
    String lines = unescaped(grammar);

    assertThat(matches(lines, matching)).as(matching).isTrue();
    assertThat(matches(lines, other)).as(other).isFalse();
  }

  /** The tables have no line ends in a row. */
  private static String unescaped(String grammar) {
    return grammar.replace("\\n", "\n");
  }

  @Test
  void aGroupMayHaveSeveralLines() {
    String grammar = "start: (\"a\"\n  | \"b\"\n )+\n  | \"c\"\nOTHER: \"d\"";

    assertThat(matches(grammar, "abba")).isTrue();
    assertThat(matches(grammar, "c")).isTrue();
    assertThat(matches(grammar, "d")).isFalse();
  }

  @Test
  void aRuleMayBeLeftAndRightRecursive() {
    assertThat(matches("start: start \"a\" | \"b\"", "baaa")).isTrue();
    assertThat(matches("start: \"a\" start | \"b\"", "aaab")).isTrue();
    assertThat(matches("start: start start | \"a\"", "aaaa")).isTrue();
    assertThat(matches("start: x\nx: \"(\" x \")\" |", "((()))")).isTrue();
    assertThat(matches("start: x\nx: \"(\" x \")\" |", "((())")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start: pair{a, b}",
        "pair{x}: x\nstart: pair{\"a\"}",
        "start: A\n%declare A",
        "%import python.NAME\nstart: NAME",
        "start: /(?<=a)b/",
        "start: /a(?!b)/",
        "start: /(?i:a)/",
        "start: /^a$/",
        "start: /a b/x",
        "start: %json {}",
        "start: <|end|>",
        "start[capture]: \"a\"",
        "start: \"a\"~2000",
      })
  void grammarsThatAreNotCheckedAreReported(String grammar) {
    assertThatExceptionOfType(LarkGrammar.UnsupportedException.class)
        .isThrownBy(() -> LarkGrammar.compile(grammar));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "start: \"a            | line 1: missing \"",
        "start: missing        | 'missing' is not defined",
        "begin: \"a\"          | the rule 'start' is missing",
        "start \"a\"           | line 1: expected ':'",
        "start: (\"a\"         | expected ')'",
        "start: \"a\"\\nstart: \"b\" | 'start' is defined twice",
        "start: \"a\" )        | unexpected ')'",
        "start: \"a\" ~ x      | expected a number",
        "start: \"a\" ~ 3..2   | out of order",
        "start: \"a\"..\"bc\"  | two characters",
        "start: ;              | unexpected ';'",
        "%import common.NOTHING | 'common' has no terminal NOTHING",
      })
  void aMalformedGrammarIsRefused(String grammar, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LarkGrammar.compile(unescaped(grammar)))
        .withMessageContaining(message);
  }

  @Test
  void aRuleThatNeverEndsMatchesNothing() {
    assertThat(matches("start: \"x\" start", "xxx")).isFalse();
  }

  @Test
  void anEmptyGrammarHasNoStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LarkGrammar.compile(""))
        .withMessage("the rule 'start' is missing");
  }

  @Test
  void aCheckHasALimit() {
    LarkGrammar ambiguous = LarkGrammar.compile("start: start start start | start start | \"a\"");

    assertThatExceptionOfType(Steps.ExhaustedException.class)
        .isThrownBy(() -> ambiguous.matches("a".repeat(2000), new Steps(STEPS)));
    assertThatExceptionOfType(LarkGrammar.UnsupportedException.class)
        .isThrownBy(
            () ->
                LarkGrammar.compile(
                    "start: ((\"a\"~1000)~1000)~1000 \"" + "x".repeat(60_000) + "\""));
    assertThatExceptionOfType(LarkGrammar.UnsupportedException.class)
        .isThrownBy(() -> LarkGrammar.compile("start: " + "(".repeat(10_000)));
  }

  @Test
  void aLargePatchIsCheckedWithinTheLimit() {
    String patch =
        "*** Begin Patch\n*** Add File: a\n"
            + "+The quick brown fox jumps over the lazy dog.\n".repeat(400)
            + "*** End Patch";
    var steps = new Steps(STEPS);

    assertThat(LarkGrammar.compile(PATCH).matches(patch, steps)).isTrue();
    assertThat(steps.taken()).isLessThan(STEPS);
  }

  /** Any text is a grammar, or one of the two exceptions; nothing else is thrown. */
  @Property(tries = 2000)
  void anyTextIsReadOrRefused(
      @ForAll
          @Chars({
            's', 't', 'a', 'r', ':', '"', '/', '(', ')', '|', '*', '+', '?', '\n', ' ', '%', '~',
            '.', '\\', '[', ']', '2', '{', '<', '-', '>', 'A', '_'
          })
          @StringLength(max = 40)
          String text) {
    for (String grammar : new String[] {text, "start: " + text, "start: a\na: " + text}) {
      try {
        LarkGrammar.compile(grammar).matches(text, new Steps(10_000));
      } catch (IllegalArgumentException
          | LarkGrammar.UnsupportedException
          | Steps.ExhaustedException e) {
        assertThat(e.getMessage()).isNotNull();
      }
    }
  }
}
