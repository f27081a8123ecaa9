package io.github.openaikserve.dialect;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The options of one input tensor of a dialect's table. Not thread-safe. */
public final class InputBuilder {
  private final List<String> aliases = new ArrayList<>();
  private final Map<String, InferParameter> parameters = new LinkedHashMap<>();
  private @Nullable Object whenAbsent;
  private @Nullable Function<Object, @Nullable Object> form;

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

  /** Returns the row; refuses a datatype that cannot hold what would be sent. */
  InputRow row(String tensor, Datatype datatype, RequestField field) {
    if (form == null ? !field.fits(datatype) : !Scalars.canEncode(datatype)) {
      throw new IllegalArgumentException(
          "tensor '%s': %s is not sent as %s".formatted(tensor, field, datatype));
    }
    if (whenAbsent != null) {
      Scalars.encode(tensor, datatype, Scalars.Layout.PLAIN, whenAbsent);
    }
    List<String> names = new ArrayList<>(List.of(tensor));
    names.addAll(aliases);
    return new InputRow.Single(
        names, datatype, field, whenAbsent, form == null ? value -> value : form, parameters);
  }
}
