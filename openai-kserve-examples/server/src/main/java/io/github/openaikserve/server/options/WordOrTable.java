package io.github.openaikserve.server.options;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A type whose values are one of a few words, or a section. Immutable. */
public class WordOrTable<T, R extends Record> extends EnumType<T> {
  private final Section<R> table;
  private final Function<R, T> meaning;

  /**
   * Creates a type.
   *
   * @param meaning converts the section to a value; throws {@link IllegalArgumentException} if the
   *     section is not valid
   */
  protected WordOrTable(
      Supplier<? extends Collection<String>> words,
      Function<String, T> ofWord,
      Class<R> table,
      Function<R, T> meaning) {
    super(words, ofWord);
    this.table = Section.of(table);
    this.meaning = meaning;
  }

  @Override
  public T read(Value value) {
    if (value.isScalar()) {
      return super.read(value);
    }
    R read = table.read(value);
    return value.make(() -> meaning.apply(read));
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("anyOf", List.of(super.schema(), table.schema()));
  }

  @Override
  public Optional<Section<?>> section() {
    return Optional.of(table);
  }
}
