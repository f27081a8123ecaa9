package io.github.openaikserve.internal.answer.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.internal.text.TextAutomaton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StopSequencesTest {
  private static final int TEXT_LENGTH = 10_000_000;
  private static final int SEQUENCES = 16;
  private static final int SEQUENCE_LENGTH = 1_000;

  @Property(tries = 5000)
  void afterEachPieceExactlyTheCertainTextIsEmitted(
      @ForAll("fewLetters") String text,
      @ForAll("stops") List<String> stops,
      @ForAll List<Integer> cuts) {
    var sequences = new StopSequences(stops);
    var read = new StringBuilder();
    var emitted = new StringBuilder();

    for (String piece : Pieces.of(text, cuts)) {
      read.append(piece);
      emitted.append(sequences.next(piece));
      assertThat(emitted.toString()).isEqualTo(read.substring(0, certain(read, stops)));
      assertThat(sequences.matched()).isEqualTo(isCertainMatch(read, stops));
    }
    emitted.append(sequences.end());

    assertThat(emitted.toString()).isEqualTo(Pieces.cutAtEarliest(text, stops));
    assertThat(sequences.matched()).isEqualTo(stops.stream().anyMatch(text::contains));
  }

  @Property(tries = 2000)
  void textThatMayPassIsNotChangedAndNothingIsHeld(
      @ForAll("characters") List<String> pieces, @ForAll("characterStops") List<String> stops) {
    var sequences = new StopSequences(stops);
    var read = new StringBuilder();

    for (String piece : pieces) {
      byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
      boolean mayPass = sequences.canBypass(utf8, utf8.length);
      read.append(piece);
      String emitted = sequences.next(piece);
      if (mayPass) {
        assertThat(emitted).isEqualTo(piece);
        assertThat(certain(read, stops)).isEqualTo(read.length());
      }
    }
  }

  @Property(tries = 2000)
  void bytesAreCutAsCharactersAre(
      @ForAll("characters") List<String> pieces, @ForAll("characterStops") List<String> stops) {
    var sequences = new StopSequences(stops);
    var read = new StringBuilder();
    var emitted = new StringBuilder();

    for (String piece : pieces) {
      byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
      read.append(piece);
      int length = sequences.next(utf8, utf8.length);
      emitted.append(Utf8Decoder.string(sequences.certain(), length));
      assertThat(emitted.toString()).isEqualTo(read.substring(0, certain(read, stops)));
    }
    emitted.append(sequences.end());

    assertThat(emitted.toString()).isEqualTo(Pieces.cutAtEarliest(read.toString(), stops));
    if (sequences.matched()) {
      assertThat(read.substring(emitted.length())).startsWith(sequences.sequence());
    }
  }

  @Test
  void textMayPassIfNoSequenceCanBeginInIt() {
    var sequences = new StopSequences(List.of("\n\n", "END"));

    assertThat(mayPass(sequences, "plain text, größer, 日本語, 😀")).isTrue();
    assertThat(mayPass(sequences, "Ends")).isFalse();
    assertThat(sequences.next("a\n")).isEqualTo("a");
    assertThat(mayPass(sequences, "plain")).isFalse();
    assertThat(sequences.next("b")).isEqualTo("\nb");
    assertThat(mayPass(sequences, "plain")).isTrue();
  }

  @Test
  void nothingPassesAfterAMatch() {
    var sequences = new StopSequences(List.of("."));

    assertThat(sequences.next("One. Two")).isEqualTo("One");

    assertThat(mayPass(sequences, "plain")).isFalse();
    assertThat(sequences.next("plain")).isEmpty();
    assertThat(sequences.end()).isEmpty();
  }

  @Test
  void emptySequencesAreIgnored() {
    var sequences = new StopSequences(List.of("", "b"));

    assertThat(sequences.next("ab")).isEqualTo("a");
    assertThat(sequences.matched()).isTrue();
    assertThat(new StopSequences(List.of("")).next("ab")).isEqualTo("ab");
  }

  @Test
  void choicesThatShareAnAutomatonDoNotShareText() {
    TextAutomaton automaton = StopSequences.automaton(List.of("stop"));
    var first = new StopSequences(automaton);
    var second = new StopSequences(automaton);

    assertThat(first.next("a st")).isEqualTo("a ");
    assertThat(second.next("op")).isEqualTo("op");
    assertThat(first.next("op")).isEmpty();

    assertThat(first.matched()).isTrue();
    assertThat(second.matched()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 4_000})
  void workGrowsWithTheTextAndNotWithTheSequences(int pieceLength) {
    List<String> stops = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      int prefix = SEQUENCE_LENGTH - 1 - i;
      stops.add("a".repeat(prefix) + "b" + "a".repeat(SEQUENCE_LENGTH - 1 - prefix));
    }
    var automaton = new CountingAutomaton(stops);
    assertThat(automaton.lookups).isLessThan(3L * SEQUENCES * SEQUENCE_LENGTH);

    long emitted = read(automaton, "a", pieceLength);

    assertThat(automaton.lookups).isBetween((long) TEXT_LENGTH, 2L * TEXT_LENGTH);
    assertThat(emitted).isEqualTo(TEXT_LENGTH);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void workIsLinearWhenAlmostEverySequenceIsRead(int pieceLength) {
    List<String> stops = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      stops.add("ab".repeat(SEQUENCE_LENGTH / 2 - i) + (char) ('c' + i));
    }
    var automaton = new CountingAutomaton(stops);

    long emitted = read(automaton, "ab".repeat(SEQUENCE_LENGTH / 2) + "a", pieceLength);

    assertThat(automaton.lookups).isBetween((long) TEXT_LENGTH, 2L * TEXT_LENGTH);
    assertThat(emitted).isEqualTo(TEXT_LENGTH);
  }

  /** Reads the period again and again, and returns how many characters came out. */
  private static long read(CountingAutomaton automaton, String period, int pieceLength) {
    var sequences = new StopSequences(automaton);
    String text = period.repeat(1 + pieceLength / period.length() + 1);
    long emitted = 0;
    automaton.lookups = 0;
    for (int at = 0; at < TEXT_LENGTH; at += pieceLength) {
      int from = at % period.length();
      emitted += sequences.next(text.substring(from, from + pieceLength)).length();
    }
    return emitted + sequences.end().length();
  }

  private static boolean mayPass(StopSequences sequences, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return sequences.canBypass(utf8, utf8.length);
  }

  /** Finds where the first sequence begins, whole or as far as the text is known. */
  private static int certain(CharSequence read, List<String> stops) {
    String text = read.toString();
    for (int start = 0; start < text.length(); start++) {
      String rest = text.substring(start);
      if (stops.stream().anyMatch(stop -> rest.startsWith(stop) || stop.startsWith(rest))) {
        return start;
      }
    }
    return text.length();
  }

  private static boolean isCertainMatch(CharSequence read, List<String> stops) {
    String rest = read.toString().substring(certain(read, stops));
    return stops.stream().anyMatch(rest::startsWith);
  }

  @Provide
  Arbitrary<String> fewLetters() {
    return Arbitraries.strings().withChars('a', 'b', 'c').ofMaxLength(40);
  }

  @Provide
  Arbitrary<List<String>> stops() {
    return Arbitraries.strings()
        .withChars('a', 'b', 'c')
        .ofMinLength(1)
        .ofMaxLength(7)
        .list()
        .ofMaxSize(6);
  }

  @Provide
  Arbitrary<List<String>> characters() {
    return wholeCharacters().list().ofMaxSize(3).map(list -> String.join("", list)).list();
  }

  @Provide
  Arbitrary<List<String>> characterStops() {
    return wholeCharacters()
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(list -> String.join("", list))
        .list()
        .ofMaxSize(3);
  }

  private static Arbitrary<String> wholeCharacters() {
    return Arbitraries.of("a", "b", "é", "ß", "€", "日", "\uFFFD", "😀", "\uD83D\uDE01");
  }

  /** An automaton that counts its lookups. */
  private static final class CountingAutomaton extends TextAutomaton {
    long lookups;

    CountingAutomaton(List<String> stops) {
      super(stops);
    }

    @Override
    protected int child(int node, char c) {
      lookups++;
      return super.child(node, c);
    }
  }
}
