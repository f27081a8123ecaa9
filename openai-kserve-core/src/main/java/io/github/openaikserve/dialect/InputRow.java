package io.github.openaikserve.dialect;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An input tensor of a dialect's table, and where its value comes from. Immutable. */
sealed interface InputRow {
  /** The fields that it carries. */
  Stream<RequestField> fields();

  /**
   * The tensor for a generation; null when it is left out.
   *
   * @param rank of scalars: 1, or 2 for a batch of one
   */
  @Nullable Tensor encode(Generation generation, int rank);

  /**
   * One field in one tensor.
   *
   * @param whenAbsent the value where the request lacks the field; null to leave the tensor out
   * @param form what becomes of the value on its way; gives null to leave the tensor out
   */
  record Single(
      String tensor,
      Datatype datatype,
      RequestField field,
      @Nullable Object whenAbsent,
      Function<Object, @Nullable Object> form)
      implements InputRow {
    @Override
    public Stream<RequestField> fields() {
      return Stream.of(field);
    }

    @Override
    public @Nullable Tensor encode(Generation generation, int rank) {
      Object value = generation.value(field);
      Object formed = value == null ? whenAbsent : form.apply(value);
      return formed == null ? null : Scalars.encode(tensor, datatype, rank, formed);
    }
  }

  /** Several fields as one JSON object: BYTES of one element. */
  record Json(String tensor, List<JsonKey> keys) implements InputRow {
    public Json {
      keys = List.copyOf(keys);
    }

    @Override
    public Stream<RequestField> fields() {
      return keys.stream().map(JsonKey::field);
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
      return Scalars.encode(tensor, Datatype.BYTES, rank, JsonCodec.writeValue(object));
    }
  }

  /** One key of a JSON object; of several with one name the last that has a value counts. */
  record JsonKey(
      String name,
      RequestField field,
      @Nullable Object whenAbsent,
      Function<Object, @Nullable Object> form) {}
}
