package io.github.openaikserve.server.config;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.server.options.EnumType;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import io.github.openaikserve.server.options.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A tensor that has the same value, or the same keys of its JSON object, in every request. */
public record ConstantTensor(
    @Setting("Name of the tensor.") String tensor,
    @Setting(value = "Datatype of the tensor, such as `BYTES` or `INT32`.", type = Datatypes.class)
        Optional<Datatype> datatype,
    @Setting("Value of the tensor, or a list of values.") Optional<Value> value,
    @Setting("Keys and values of the tensor's JSON object, instead of `datatype` and `value`.")
        Map<String, Object> json) {
  /** Checks that a value exists and fits its datatype. */
  public ConstantTensor {
    if (json.isEmpty()) {
      if (datatype.isEmpty() || value.isEmpty()) {
        throw new Mistake("", (datatype.isEmpty() ? "'datatype'" : "'value'") + " is missing");
      }
      tensor(tensor, datatype.get(), value.get());
    }
  }

  /** Returns the tensor of a constant that has a value. */
  public Tensor tensorOfValue() {
    return tensor(tensor, datatype.orElseThrow(), value.orElseThrow());
  }

  private static Tensor tensor(String name, Datatype datatype, Value written) {
    List<Value> values = written.isScalar() ? List.of(written) : written.list();
    long[] shape = {values.size()};
    return switch (datatype) {
      case BYTES -> Tensor.of(name, shape, values.stream().map(ConstantTensor::bytes).toList());
      case BOOL -> {
        boolean[] flags = new boolean[values.size()];
        for (int i = 0; i < flags.length; i++) {
          flags[i] = values.get(i).flag();
        }
        yield Tensor.of(name, shape, flags);
      }
      case FP32 -> {
        float[] numbers = new float[values.size()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = (float) values.get(i).number();
        }
        yield Tensor.of(name, shape, numbers);
      }
      case FP64 -> Tensor.of(name, shape, values.stream().mapToDouble(Value::number).toArray());
      case INT64, UINT64 ->
          Tensor.of(
              name,
              datatype,
              shape,
              values.stream().mapToLong(v -> v.integer(Long.MIN_VALUE, Long.MAX_VALUE)).toArray());
      case INT8, INT16, INT32, UINT8, UINT16, UINT32 ->
          Tensor.of(
              name,
              datatype,
              shape,
              values.stream()
                  .mapToInt(v -> (int) v.integer(Integer.MIN_VALUE, Integer.MAX_VALUE))
                  .toArray());
      case FP16, BF16 ->
          throw written.wrong("constants of datatype " + datatype + " are not supported");
    };
  }

  private static ByteBuffer bytes(Value value) {
    return ByteBuffer.wrap(value.scalar().getBytes(StandardCharsets.UTF_8));
  }

  /** Converts a value to an element of a tensor of this datatype. */
  static Object element(Value value, Datatype datatype) {
    return switch (datatype) {
      case BYTES -> value.scalar();
      case BOOL -> value.flag();
      case FP16, BF16, FP32, FP64 -> value.number();
      case INT64, UINT64 -> value.integer(Long.MIN_VALUE, Long.MAX_VALUE);
      case INT8, INT16, INT32, UINT8, UINT16, UINT32 ->
          (int) value.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
    };
  }

  /** Adds the rows of a table; reports an error of the table at the row. */
  static <R> void rows(String list, List<R> rows, Consumer<R> add) {
    for (int i = 0; i < rows.size(); i++) {
      try {
        add.accept(rows.get(i));
      } catch (IllegalArgumentException e) {
        throw new Mistake(list + "[" + i + "]", String.valueOf(e.getMessage()));
      }
    }
  }

  static final class Datatypes extends EnumType<Datatype> {
    Datatypes() {
      super(() -> Arrays.stream(Datatype.values()).map(Datatype::name).toList(), Datatype::valueOf);
    }
  }
}
