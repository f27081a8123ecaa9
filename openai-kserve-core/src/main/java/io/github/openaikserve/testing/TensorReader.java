package io.github.openaikserve.testing;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what {@link TensorForm} writes. */
final class TensorReader {
  private static final Set<String> FIELDS =
      Set.of("name", "datatype", "shape", "raw", "contents", "parameters");

  private TensorReader() {}

  static Tensor read(Fields form) {
    form.only(FIELDS);
    Datatype datatype = form.word("datatype", Datatype.class);
    long[] shape = form.longs("shape").stream().mapToLong(Long::longValue).toArray();
    Tensor tensor;
    try {
      tensor = tensor(form, datatype, shape);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(form.where() + ": " + e.getMessage(), e);
    }
    return form.has("parameters")
        ? tensor.withParameters(ParameterForm.read(form.object("parameters")))
        : tensor;
  }

  /** Which elements were redacted. */
  static BitSet redacted(Fields form) {
    var redacted = new BitSet();
    List<?> contents = form.list("contents");
    for (int i = 0; i < contents.size(); i++) {
      if (contents.get(i) instanceof Map<?, ?> map && map.containsKey(TensorForm.REDACTED)) {
        redacted.set(i);
      }
    }
    return redacted;
  }

  private static Tensor tensor(Fields form, Datatype datatype, long[] shape) {
    String name = form.text("name");
    if (form.get("raw") instanceof String raw) {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(raw));
      return Tensor.raw(name, datatype, shape, bytes);
    }
    Tensor typed = typed(name, datatype, shape, form.list("contents"));
    return form.bool("raw") ? Tensor.raw(name, datatype, shape, typed.rawContents()) : typed;
  }

  private static Tensor typed(String name, Datatype datatype, long[] shape, List<?> contents) {
    return switch (datatype) {
      case BOOL -> Tensor.of(name, shape, booleans(name, contents));
      case INT64, UINT64 -> Tensor.of(name, datatype, shape, integers(name, datatype, contents));
      case FP32, FP16, BF16 -> Tensor.of(name, datatype, shape, floats(name, contents));
      case FP64 -> Tensor.of(name, shape, doubles(name, contents));
      case BYTES -> Tensor.of(name, shape, texts(name, contents));
      default -> {
        long[] longs = integers(name, datatype, contents);
        int[] ints = new int[longs.length];
        for (int i = 0; i < ints.length; i++) {
          ints[i] = (int) longs[i];
        }
        yield Tensor.of(name, datatype, shape, ints);
      }
    };
  }

  private static boolean[] booleans(String name, List<?> contents) {
    boolean[] values = new boolean[contents.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(contents.get(i) instanceof Boolean bool)) {
        throw unreadable(name, i, null);
      }
      values[i] = bool;
    }
    return values;
  }

  private static long[] integers(String name, Datatype datatype, List<?> contents) {
    int bits = 8 * datatype.size();
    BigInteger min =
        datatype.name().startsWith("U") ? BigInteger.ZERO : BigInteger.TWO.pow(bits - 1).negate();
    BigInteger end = min.add(BigInteger.TWO.pow(bits));
    long[] values = new long[contents.size()];
    for (int i = 0; i < values.length; i++) {
      Object element = contents.get(i);
      if (element instanceof Map<?, ?> map && map.containsKey(TensorForm.REDACTED)) {
        continue; // any number will do
      }
      if (!(element instanceof Long) && !(element instanceof BigInteger)) {
        throw unreadable(name, i, null);
      }
      var value = new BigInteger(element.toString());
      if (value.compareTo(min) < 0 || value.compareTo(end) >= 0) {
        throw unreadable(name, i, null);
      }
      values[i] = value.longValue();
    }
    return values;
  }

  private static float[] floats(String name, List<?> contents) {
    float[] values = new float[contents.size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = Float.parseFloat(String.valueOf(contents.get(i)));
      } catch (NumberFormatException e) {
        throw unreadable(name, i, e);
      }
    }
    return values;
  }

  private static double[] doubles(String name, List<?> contents) {
    double[] values = new double[contents.size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = Double.parseDouble(String.valueOf(contents.get(i)));
      } catch (NumberFormatException e) {
        throw unreadable(name, i, e);
      }
    }
    return values;
  }

  private static List<ByteBuffer> texts(String name, List<?> contents) {
    List<ByteBuffer> values = new ArrayList<>(contents.size());
    for (int i = 0; i < contents.size(); i++) {
      Object element = contents.get(i);
      if (element instanceof String text) {
        values.add(utf8(text));
      } else if (element instanceof Map<?, ?> map
          && map.size() == 1
          && map.get(TensorForm.BASE64) instanceof String encoded) {
        values.add(ByteBuffer.wrap(Base64.getDecoder().decode(encoded)));
      } else if (element instanceof Map<?, ?> map
          && map.size() == 1
          && map.get(TensorForm.REDACTED) instanceof String text) {
        values.add(utf8(text));
      } else {
        throw unreadable(name, i, null);
      }
    }
    return values;
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static IllegalArgumentException unreadable(
      String name, int index, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "tensor '%s': element %d is not of its datatype".formatted(name, index), cause);
  }
}
