package io.github.openaikserve.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AutomatonCacheTest {
  private final AutomatonCache cache = new AutomatonCache(TextAutomaton::new);

  @Test
  void equalSequencesShareAnAutomaton() {
    TextAutomaton first = cache.get(List.of("<end>", "stop"));

    assertThat(cache.get(List.of("<end>", "stop"))).isSameAs(first);
    assertThat(cache.get(List.of("<end>"))).isNotSameAs(first);
  }

  @Test
  void aListThatChangesLaterHasItsOwnAutomaton() {
    List<String> sequences = new ArrayList<>(List.of("a"));
    TextAutomaton first = cache.get(sequences);
    sequences.set(0, "b");

    assertThat(cache.get(sequences)).isNotSameAs(first);
    assertThat(cache.get(List.of("a"))).isSameAs(first);
  }

  @Test
  void theNumberAndTheSizeOfAutomataAreBounded() {
    IntStream.range(0, 1000).forEach(i -> cache.get(List.of("sequence " + i)));
    assertThat(cache.size()).isLessThanOrEqualTo(32);

    List<String> large = List.of("x".repeat(100), "y".repeat(100));
    assertThat(cache.get(large)).isNotSameAs(cache.get(large));
  }
}
