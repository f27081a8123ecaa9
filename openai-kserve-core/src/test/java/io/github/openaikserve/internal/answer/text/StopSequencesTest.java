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
      @ForAll("tableSizes") int tableSize,
      @ForAll List<Integer> cuts) {
    var sequences = new StopSequences(new CountingAutomaton(stops, tableSize));
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
  void bytesAreCutAsCharactersAre(
      @ForAll("characters") List<String> pieces,
      @ForAll("characterStops") List<String> stops,
      @ForAll("tableSizes") int tableSize) {
    var sequences =
        new StopSequences(
            new CountingAutomaton(stops.stream().map(StopSequences::bytes).toList(), tableSize));
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
  void nothingPassesAfterAMatch() {
    var sequences = new StopSequences(List.of("."));

    assertThat(sequences.next("One. Two")).isEqualTo("One");

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
    var automaton = new CountingAutomaton(stops, 0);
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
    var automaton = new CountingAutomaton(stops, 0);

    long emitted = read(automaton, "ab".repeat(SEQUENCE_LENGTH / 2) + "a", pieceLength);

    assertThat(automaton.lookups).isBetween((long) TEXT_LENGTH, 2L * TEXT_LENGTH);
    assertThat(emitted).isEqualTo(TEXT_LENGTH);
  }

  @Test
  void aTableAnswersForTheNodesOfSequencesOfUsualLength() {
    var counting = new CountingAutomaton(List.of("a".repeat(SEQUENCE_LENGTH) + "b"), 1 << 17);

    assertThat(read(counting, "a", 4_000)).isEqualTo(TEXT_LENGTH);

    assertThat(counting.lookups).isZero();
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

  @Provide
  Arbitrary<Integer> tableSizes() {
    return Arbitraries.of(0, 8, 32, 1 << 17);
  }

  /** An automaton that counts its lookups outside the table. */
  private static final class CountingAutomaton extends TextAutomaton {
    long lookups;

    CountingAutomaton(List<String> stops, int tableSize) {
      super(stops, tableSize);
    }

    @Override
    protected int child(int node, char c) {
      lookups++;
      return super.child(node, c);
    }
  }
}
