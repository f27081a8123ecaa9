package io.github.openaikserve.dialect;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An input tensor of a dialect's table, and where its value comes from. Immutable. */
sealed interface InputRow {
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
   * The tensor for a generation; null when it is left out.
   *
   * @param rank of scalars: 1, or 2 for a batch of one
   * @throws InvalidRequestException naming a field whose value is out of the tensor's range
   */
  @Nullable Tensor encode(Generation generation, int rank);

  /** The name that is sent. */
  default String name() {
    return names().get(0);
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

    /** The same row, sent with {@code value} where the request lacks the field. */
    Single orElse(Object value) {
      return new Single(names, datatype, field, value, form, parameters);
    }

    @Override
    public Stream<RequestField> fields() {
      return Stream.of(field);
    }

    @Override
    public boolean alwaysSent() {
      return whenAbsent != null || field == RequestField.PROMPT || field == RequestField.STREAM;
    }

    @Override
    public InputRow declaredAs(String name, Datatype datatype) {
      return new Single(List.of(name), datatype, field, whenAbsent, form, parameters);
    }

    @Override
    public @Nullable Tensor encode(Generation generation, int rank) {
      Object value = generation.value(field);
      Object formed = value == null ? whenAbsent : form.apply(value);
      if (formed == null) {
        return null;
      }
      Tensor tensor;
      try {
        tensor = Scalars.encode(name(), datatype, rank, formed);
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

    /** The same without some fields, which then have no place. */
    Json without(Set<RequestField> fields) {
      return new Json(names, keys.stream().filter(key -> !fields.contains(key.field())).toList());
    }

    Json reformed(RequestField field, Function<Object, @Nullable Object> form) {
      return new Json(
          names,
          keys.stream()
              .map(
                  key ->
                      key.field() == field
                          ? new JsonKey(key.name(), field, key.whenAbsent(), form)
                          : key)
              .toList());
    }

    Json withKeyRenamed(String from, String to) {
      return new Json(
          names,
          keys.stream()
              .map(
                  key ->
                      key.name().equals(from)
                          ? new JsonKey(to, key.field(), key.whenAbsent(), key.form())
                          : key)
              .toList());
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
    public Tensor encode(Generation generation, int rank) {
      Map<String, Object> object = new LinkedHashMap<>();
      for (JsonKey key : keys) {
        Object value = generation.value(key.field());
        Object formed = value == null ? key.whenAbsent() : key.form().apply(value);
        if (formed != null) {
          object.put(key.name(), formed);
        }
      }
      return Scalars.encode(name(), Datatype.BYTES, rank, JsonCodec.writeValue(object));
    }
  }

  /** One key of a JSON object; of several with one name the last that has a value counts. */
  record JsonKey(
      String name,
      RequestField field,
      @Nullable Object whenAbsent,
      Function<Object, @Nullable Object> form) {}
}
