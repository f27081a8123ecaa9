package io.github.openaikserve.server.config;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.server.options.WordOrTable;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The dialect of a model. Immutable.
 *
 * @param dialect empty to ask the server
 */
public record DialectChoice(Optional<Dialect> dialect) {
  private static final String AUTO = "auto";

  static final class Named extends WordOrTable<DialectChoice, DialectTable> {
    Named() {
      super(
          () ->
              Stream.of(Stream.of(AUTO), Dialects.names(), Dialects.tensorNames())
                  .flatMap(Function.identity())
                  .toList(),
          name -> new DialectChoice(name.equals(AUTO) ? Optional.empty() : Dialects.byName(name)),
          DialectTable.class,
          table -> new DialectChoice(Optional.of(table.dialect())));
    }
  }
}
