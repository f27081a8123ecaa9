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

/** An input tensor of a dialect's table, and where its value comes from. Immutable. */
sealed interface InputRow extends Row {
  /** The names that servers know the tensor by; the first is sent. */
  List<String> names();

  /** The type of its elements. */
  Datatype datatype();

  /** The fields that it carries. */
  Stream<RequestField> fields();

  /** Whether it is sent whatever the request has. */
  boolean alwaysSent();

  /** The same row under another name and type, for a model that declares it so. */
  InputRow declaredAs(String name, Datatype datatype);

  /**
   * The tensor for a request; null when it is left out.
   *
   * @throws InvalidRequestException naming a field whose value is out of the tensor's range
   */
  @Nullable Tensor encode(Function<RequestField, @Nullable Object> request, Scalars.Layout layout);

  /** The name that is sent. */
  default String name() {
    return names().get(0);
  }

  /** Whether it carries what is to be continued or embedded, so that no model lacks it. */
  default boolean isEssential() {
    return fields().anyMatch(RequestField::isSubject);
  }

  /**
   * One field in one tensor.
   *
   * @param whenAbsent the value where the request lacks the field; null to leave the tensor out
   * @param form what becomes of the value on its way; gives null to leave the tensor out
   * @param parameters the tensor's own
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
            "Invalid '%s': the model server takes values of type %s, and got another or one out of its range."
                .formatted(field.jsonName(), datatype),
            e);
      }
      return parameters.isEmpty() ? tensor : tensor.withParameters(parameters);
    }
  }

  /** Several fields as one JSON object: BYTES of one element. */
  record Json(List<String> names, List<JsonKey> keys) implements InputRow {
    public Json {
      names = List.copyOf(names);
      keys = List.copyOf(keys);
    }

    /** The keys that a model has. */
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

  /** One key of a JSON object; of several with one name the last that has a value counts. */
  record JsonKey(
      String name,
      RequestField field,
      @Nullable Object whenAbsent,
      Function<Object, @Nullable Object> form,
      Condition when) {}
}
