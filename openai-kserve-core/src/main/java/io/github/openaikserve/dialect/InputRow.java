package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An input tensor of a dialect's table and the source of its value. Immutable. */
sealed interface InputRow extends Row {
  /** Returns the names of the tensor. The first one is sent. */
  List<String> names();

  /** Returns the type of the elements. */
  Datatype datatype();

  /** Returns the fields that the tensor contains. */
  Stream<RequestField> fields();

  /** Returns whether the tensor is sent with every request. */
  boolean alwaysSent();

  /** Returns a copy of this row with the name and type that a model declares. */
  InputRow declaredAs(String name, Datatype datatype);

  /**
   * Returns the tensor for a request; null if it is omitted.
   *
   * @throws InvalidRequestException naming a field whose value is out of range for the tensor
   */
  @Nullable Tensor encode(Function<RequestField, @Nullable Object> request, Scalars.Layout layout);

  /** Returns the name that is sent. */
  default String name() {
    return names().get(0);
  }

  /** Returns whether the tensor contains the main input, which every model must have. */
  default boolean isEssential() {
    return fields().anyMatch(RequestField::isSubject);
  }

  /**
   * A tensor with one field.
   *
   * @param whenAbsent the value for requests without the field; null to omit the tensor
   * @param form converts the value; returns null to omit the tensor
   * @param parameters the parameters of the tensor
   */
  record Single(
      List<String> names,
      Datatype datatype,
      RequestField field,
      @Nullable Object whenAbsent,
      Function<Object, @Nullable Object> form,
      Map<String, InferParameter> parameters)
      implements InputRow {
    public Single {
      names = List.copyOf(names);
      parameters = Map.copyOf(parameters);
    }

    @Override
    public Stream<RequestField> fields() {
      return Stream.of(field);
    }

    @Override
    public boolean alwaysSent() {
      return whenAbsent != null || field.isSubject() || field == RequestField.STREAM;
    }

    @Override
    public InputRow declaredAs(String name, Datatype datatype) {
      return new Single(List.of(name), datatype, field, whenAbsent, form, parameters);
    }

    @Override
    public @Nullable Tensor encode(
        Function<RequestField, @Nullable Object> request, Scalars.Layout layout) {
      Object value = request.apply(field);
      Object formed = value == null ? whenAbsent : form.apply(value);
      if (formed == null) {
        return null;
      }
      Tensor tensor;
      try {
        tensor = Scalars.encode(name(), datatype, layout, formed);
      } catch (IllegalArgumentException e) {
        throw new InvalidRequestException(
            400,
            "invalid_value",
            field.jsonName(),
            "Invalid '%s': expected a value of type %s within its range, which the model server requires."
                .formatted(field.jsonName(), datatype),
            e);
      }
      return parameters.isEmpty() ? tensor : tensor.withParameters(parameters);
    }
  }

  /** A tensor with several fields as one JSON object: BYTES with one element. */
  record Json(List<String> names, List<JsonKey> keys) implements InputRow {
    public Json {
      names = List.copyOf(names);
      keys = List.copyOf(keys);
    }

    /** Returns the keys that a model supports. */
    Json of(@Nullable ModelDescription model) {
      return new Json(names, keys.stream().filter(key -> key.when().holds(model)).toList());
    }

    @Override
    public Datatype datatype() {
      return Datatype.BYTES;
    }

    @Override
    public Stream<RequestField> fields() {
      return keys.stream().map(JsonKey::field);
    }

    @Override
    public boolean alwaysSent() {
      return true;
    }

    @Override
    public InputRow declaredAs(String name, Datatype datatype) {
      return new Json(List.of(name), keys);
    }

    @Override
    public Tensor encode(Function<RequestField, @Nullable Object> request, Scalars.Layout layout) {
      Map<String, Object> object = new LinkedHashMap<>();
      for (JsonKey key : keys) {
        Object value = request.apply(key.field());
        Object formed = value == null ? key.whenAbsent() : key.form().apply(value);
        if (formed != null) {
          object.put(key.name(), formed);
        }
      }
      return Scalars.encode(name(), Datatype.BYTES, layout, JsonCodec.writeValue(object));
    }
  }

  /** A key of a JSON object. If several have the same name, the last one with a value applies. */
  record JsonKey(
      String name,
      RequestField field,
      @Nullable Object whenAbsent,
      Function<Object, @Nullable Object> form,
      Condition when) {}
}
