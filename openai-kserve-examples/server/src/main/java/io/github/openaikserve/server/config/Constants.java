package io.github.openaikserve.server.config;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Values that are written down in the configuration. */
final class Constants {
  private Constants() {}

  /** A value as tensors of that type have it. */
  static Object value(Value value, Datatype datatype) {
    return switch (datatype) {
      case BYTES -> value.scalar();
      case BOOL -> value.flag();
      case FP16, BF16, FP32, FP64 -> value.number();
      case INT64, UINT64 -> value.integer(Long.MIN_VALUE, Long.MAX_VALUE);
      case INT8, INT16, INT32, UINT8, UINT16, UINT32 ->
          value.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
    };
  }

  /** Reads a row with the name of a tensor, its type and its value. */
  static Tensor tensor(Section row) {
    return tensor(
        row.require("tensor").text(),
        Words.datatype(row.require("datatype")),
        row.require("value"));
  }

  /** A tensor of one value, or of as many as a list has. */
  private static Tensor tensor(String name, Datatype datatype, Value written) {
    List<Value> values = written.isText() ? List.of(written) : written.list();
    long[] shape = {values.size()};
    return switch (datatype) {
      case BYTES ->
          Tensor.of(
              name,
              shape,
              values.stream()
                  .map(value -> ByteBuffer.wrap(value.scalar().getBytes(StandardCharsets.UTF_8)))
                  .toList());
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
              values.stream()
                  .mapToLong(value -> value.integer(Long.MIN_VALUE, Long.MAX_VALUE))
                  .toArray());
      case INT8, INT16, INT32, UINT8, UINT16, UINT32 ->
          Tensor.of(
              name,
              datatype,
              shape,
              values.stream()
                  .mapToInt(value -> value.integer(Integer.MIN_VALUE, Integer.MAX_VALUE))
                  .toArray());
      case FP16, BF16 -> throw written.wrong("constants of type " + datatype + " are not read");
    };
  }
}
