package io.github.openaikserve.testing;

import io.github.openaikserve.kserve.InferParameter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Parameters as JSON values: truth values, strings and numbers as they are, a number with a point
 * or an exponent being a double; {@code {"uint64_param": ...}}; {@code {"double_param": ...}} for
 * doubles that JSON has no form for; {@code {"redacted": ...}} where a string was redacted.
 */
final class ParameterForm {
  private static final String UINT64 = "uint64_param";
  private static final String DOUBLE = "double_param";

  private ParameterForm() {}

  /** In the order of the names. */
  static Map<String, @Nullable Object> write(
      Map<String, InferParameter> parameters, Redaction redaction) {
    Map<String, @Nullable Object> form = new LinkedHashMap<>();
    new TreeMap<>(parameters)
        .forEach((name, value) -> form.put(name, write(name, value, redaction)));
    return form;
  }

  private static Object write(String name, InferParameter parameter, Redaction redaction) {
    if (parameter instanceof InferParameter.Bool bool) {
      return bool.value();
    } else if (parameter instanceof InferParameter.Int64 integer) {
      return integer.value();
    } else if (parameter instanceof InferParameter.Uint64 integer) {
      return Map.of(UINT64, TensorForm.unsigned(integer.value()));
    } else if (parameter instanceof InferParameter.Fp64 decimal) {
      Object number = TensorForm.number(decimal.value());
      return number instanceof String ? Map.of(DOUBLE, number) : number;
    }
    String text = ((InferParameter.Text) parameter).value();
    String written = redaction.redact(Redaction.Place.PARAMETER, name, text);
    return written.equals(text) ? text : Map.of(TensorForm.REDACTED, written);
  }

  static Map<String, InferParameter> read(Fields form) {
    Map<String, InferParameter> parameters = new HashMap<>();
    form.values()
        .forEach((name, value) -> parameters.put(String.valueOf(name), read(form, name, value)));
    return parameters;
  }

  private static InferParameter read(Fields form, Object name, @Nullable Object value) {
    if (value instanceof Boolean bool) {
      return InferParameter.of(bool);
    } else if (value instanceof String text) {
      return InferParameter.of(text);
    } else if (value instanceof Long integer) {
      return InferParameter.of(integer);
    } else if (value instanceof Double || value instanceof BigDecimal) {
      return new InferParameter.Fp64(Double.parseDouble(value.toString()));
    } else if (value instanceof Map<?, ?> map && map.size() == 1) {
      if (map.get(TensorForm.REDACTED) instanceof String text) {
        return InferParameter.of(text);
      } else if (map.get(DOUBLE) instanceof String text) {
        return new InferParameter.Fp64(Double.parseDouble(text));
      }
      Object unsigned = map.get(UINT64);
      if (unsigned instanceof Long || unsigned instanceof BigInteger) {
        return new InferParameter.Uint64(Long.parseUnsignedLong(unsigned.toString()));
      }
    }
    throw form.wrong("parameter '" + name + "' is of no kind that the protocol has");
  }

  /** The names of those that were redacted. */
  static Set<String> redacted(Fields form) {
    Set<String> names = new HashSet<>();
    form.values()
        .forEach(
            (name, value) -> {
              if (value instanceof Map<?, ?> map && map.containsKey(TensorForm.REDACTED)) {
                names.add(String.valueOf(name));
              }
            });
    return names;
  }
}
