package io.github.openaikserve.server.config;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.server.options.Section;
import io.github.openaikserve.server.options.Type;
import io.github.openaikserve.server.options.Value;
import io.github.openaikserve.server.options.Words;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The dialect of a model. Immutable.
 *
 * @param dialect empty to ask the server
 */
public record DialectChoice(Optional<Dialect> dialect) {
  private static final String AUTO = "auto";

  /** A name, or a table of tensors. */
  static final class Named extends Words<DialectChoice> implements Type<DialectChoice> {
    private static final Section<DialectTable> TABLE = Section.of(DialectTable.class);

    Named() {
      super(
          () -> Stream.concat(Stream.of(AUTO), Dialects.names()).toList(),
          name -> new DialectChoice(name.equals(AUTO) ? Optional.empty() : Dialects.byName(name)));
    }

    @Override
    public DialectChoice read(Value value) {
      if (value.isScalar()) {
        return super.read(value);
      }
      DialectTable table = TABLE.read(value);
      return new DialectChoice(Optional.of(value.make(table::dialect)));
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("anyOf", List.of(super.schema(), TABLE.schema()));
    }

    @Override
    public Optional<Section<?>> section() {
      return Optional.of(TABLE);
    }
  }
}
