package io.github.openaikserve.dialect;

import io.github.openaikserve.internal.tensor.TensorEncoder;
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
   * Sets the value for requests without the field (default: the tensor is omitted, so that the
   * server's default applies). Use it only if the server's default is unsuitable or the server
   * requires the tensor.
   */
  public InputBuilder whenAbsent(Object value) {
    this.whenAbsent = value;
    return this;
  }

  /** Sets a conversion of the value. If {@code form} returns null, the tensor is omitted. */
  public InputBuilder as(Function<Object, @Nullable Object> form) {
    this.form = form;
    return this;
  }

  /**
   * Adds alternative names of the tensor in other versions of the server. A dialect that was
   * adapted to a model ({@link Dialect#adaptTo}) uses the declared name; any other dialect uses the
   * first name.
   */
  public InputBuilder aliases(String... names) {
    aliases.addAll(List.of(names));
    return this;
  }

  /** Adds a parameter of the tensor, such as MLServer's {@code content_type}. */
  public InputBuilder parameter(String name, InferParameter value) {
    parameters.put(name, value);
    return this;
  }

  /** Builds the row. Rejects a datatype that cannot represent the field's values. */
  InputRow row(String tensor, Datatype datatype, RequestField field) {
    if (form == null ? !field.fits(datatype) : !datatype.hasTypedContents()) {
      throw new IllegalArgumentException(
          "tensor '%s': %s cannot be sent as %s".formatted(tensor, field, datatype));
    }
    if (whenAbsent != null) {
      TensorEncoder.encode(tensor, datatype, TensorEncoder.Layout.PLAIN, whenAbsent);
    }
    List<String> names = new ArrayList<>(List.of(tensor));
    names.addAll(aliases);
    var key =
        new InputRow.Key(
            tensor, field, whenAbsent, form == null ? value -> value : form, Condition.ALWAYS);
    return new InputRow(names, datatype, List.of(key), false, parameters);
  }
}
