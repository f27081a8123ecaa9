package io.github.openaikserve.server.options;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A type whose values are one of a few words. Immutable. */
public class EnumType<T> implements Type<T> {
  private final Supplier<? extends Collection<String>> words;
  private final Function<String, T> meaning;

  /** Creates a type; {@code meaning} converts a word to a value. */
  protected EnumType(Supplier<? extends Collection<String>> words, Function<String, T> meaning) {
    this.words = words;
    this.meaning = meaning;
  }

  @Override
  public T read(Value value) {
    String word = value.text();
    List<String> known = words.get().stream().sorted().toList();
    if (!known.contains(word)) {
      Optional<String> near = Suggestions.to(word, known);
      throw value.wrong(
          "expected one of "
              + String.join(", ", known)
              + value.found()
              + near.map(meant -> "; did you mean '" + meant + "'?").orElse(""));
    }
    return meaning.apply(word);
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("enum", words.get().stream().sorted().map(EnumType::constant).toList());
  }

  private static Object constant(String word) {
    return word.equals("true") || word.equals("false") ? (Object) Boolean.valueOf(word) : word;
  }
}
