package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.tensor.TensorEncoder;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An input tensor of a dialect's table and the source of its value. Immutable.
 *
 * @param names the names of the tensor. The first one is sent
 * @param keys the fields; a tensor that is not JSON has exactly one
 * @param isJson whether the tensor has one element, a JSON object with the keys
 * @param parameters the parameters of the tensor
 */
record InputRow(
    List<String> names,
    Datatype datatype,
    List<Key> keys,
    boolean isJson,
    Map<String, InferParameter> parameters) {
  InputRow {
    names = List.copyOf(names);
    keys = List.copyOf(keys);
    parameters = Map.copyOf(parameters);
  }

  /**
   * A field and its conversion. If several keys of an object have the same name, the last one with
   * a value applies.
   *
   * @param whenAbsent the value for requests without the field; null to omit the key
   * @param form converts the value; returns null to omit the key
   */
  record Key(
      String name,
      RequestField field,
      @Nullable Object whenAbsent,
      Function<Object, @Nullable Object> form,
      Condition when) {
    @Nullable Object value(Function<RequestField, @Nullable Object> request) {
      Object value = request.apply(field);
      return value == null ? whenAbsent : form.apply(value);
    }
  }

  /** Returns the name that is sent. */
  String name() {
    return names.get(0);
  }

  /** Returns the tensor and its field. A later row with the same identity replaces this one. */
  List<Object> identity() {
    return isJson ? List.of(name()) : List.of(name(), keys.get(0).field());
  }

  /** Returns the fields that the tensor contains. */
  Stream<RequestField> fields() {
    return keys.stream().map(Key::field);
  }

  /** Returns whether the tensor contains the main input, which every model must have. */
  boolean isEssential() {
    return fields().anyMatch(RequestField::isSubject);
  }

  /** Returns whether the tensor is sent with every request. */
  boolean alwaysSent() {
    return isJson
        || keys.get(0).whenAbsent() != null
        || isEssential()
        || keys.get(0).field() == RequestField.STREAM;
  }

  /** Returns a row with the name and, if it is compatible, the type that a model declares. */
  InputRow declaredBy(ModelDescription model) {
    for (String name : names) {
      Optional<TensorMetadata> declared = model.input(name);
      if (declared.isPresent()) {
        Datatype declaredType =
            declared
                .flatMap(Table::datatype)
                .filter(found -> areCompatible(datatype, found))
                .orElse(datatype);
        return new InputRow(List.of(name), declaredType, keys, isJson, parameters);
      }
    }
    return this;
  }

  /** Returns whether values for one type can also be sent as the other. */
  private static boolean areCompatible(Datatype own, Datatype declared) {
    return own == declared
        || (own.isInteger() && declared.isInteger())
        || (Table.isFloat(own) && Table.isFloat(declared));
  }

  /**
   * Returns whether the row is for stop sequences but the model accepts only one. Templates imply
   * several, and this library cuts at all of them itself.
   */
  boolean isTooSmallForStops(ModelDescription model) {
    return !isJson
        && fields().anyMatch(field -> field == RequestField.STOP)
        && model
            .input(name())
            .map(TensorMetadata::shape)
            .filter(shape -> !shape.isEmpty() && shape.get(shape.size() - 1) == 1)
            .isPresent();
  }

  /** Returns a copy with the keys that a model supports. */
  InputRow of(@Nullable ModelDescription model) {
    List<Key> supported = keys.stream().filter(key -> key.when().holds(model)).toList();
    return new InputRow(names, datatype, supported, isJson, parameters);
  }

  /**
   * Returns the tensor for a request; null if it is omitted.
   *
   * @throws InvalidRequestException naming a field whose value is out of range for the tensor
   */
  @Nullable Tensor encode(
      Function<RequestField, @Nullable Object> request, TensorEncoder.Layout layout) {
    Object value = isJson ? object(request) : keys.get(0).value(request);
    if (value == null) {
      return null;
    }
    try {
      Tensor tensor = TensorEncoder.encode(name(), datatype, layout, value);
      return parameters.isEmpty() ? tensor : tensor.withParameters(parameters);
    } catch (IllegalArgumentException e) {
      String field = keys.get(0).field().jsonName();
      throw new InvalidRequestException(
          400,
          "invalid_value",
          field,
          "Invalid '%s': expected a value of type %s within its range, which the model server requires."
              .formatted(field, datatype),
          e);
    }
  }

  private String object(Function<RequestField, @Nullable Object> request) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (Key key : keys) {
      Object value = key.value(request);
      if (value != null) {
        object.put(key.name(), value);
      }
    }
    return JsonCodec.writeValue(object);
  }
}
