package io.github.openaikserve.dialect;

import io.github.openaikserve.kserve.InferParameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says more about one input tensor of a dialect's table. Not thread-safe. */
public final class InputBuilder {
  final List<String> aliases = new ArrayList<>();
  final Map<String, InferParameter> parameters = new LinkedHashMap<>();
  @Nullable Object whenAbsent;
  Function<Object, @Nullable Object> form = value -> value;

  InputBuilder() {}

  /**
   * Sets the value for requests that leave the field out (default: the tensor is left out, so that
   * the server's own default applies). Use it only where that default would spoil the answer or the
   * server requires the tensor.
   */
  public InputBuilder whenAbsent(Object value) {
    this.whenAbsent = value;
    return this;
  }

  /** Sends the field in another form; null from {@code form} leaves the tensor out. */
  public InputBuilder as(Function<Object, @Nullable Object> form) {
    this.form = form;
    return this;
  }

  /**
   * Other names of the tensor, which servers of other versions have. A dialect that was fitted to a
   * model ({@link Dialect#fitTo}) sends the one that is declared; any other sends the first name.
   */
  public InputBuilder aliases(String... names) {
    aliases.addAll(List.of(names));
    return this;
  }

  /** A parameter of the tensor, such as MLServer's {@code content_type}. */
  public InputBuilder parameter(String name, InferParameter value) {
    parameters.put(name, value);
    return this;
  }
}
