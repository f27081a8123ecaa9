package io.github.openaikserve.testing;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tensors as JSON values: {@code name}, {@code datatype}, {@code shape}, {@code contents} (elements
 * in row-major order), {@code raw} where they are held so, and {@code parameters}.
 *
 * <p>An element of a BYTES tensor is a string; {@code {"base64": ...}} where it is not UTF-8;
 * {@code {"redacted": ...}} where it was redacted. Numbers that JSON has no form for are strings.
 * Raw contents of which a number would not give every bit back are base64 in place of {@code true}.
 */
final class TensorForm {
  static final String REDACTED = "redacted";

  static final String BASE64 = "base64";

  private TensorForm() {}

  static Map<String, @Nullable Object> write(
      Tensor tensor, Redaction.Place place, Redaction redaction) {
    Map<String, @Nullable Object> form = new LinkedHashMap<>();
    form.put("name", tensor.name());
    form.put("datatype", tensor.datatype().name());
    List<Long> shape = new ArrayList<>();
    for (long dimension : tensor.shape()) {
      shape.add(dimension);
    }
    form.put("shape", shape);
    if (tensor.datatype() == Datatype.BYTES) {
      form.put("contents", texts(tensor, place, redaction));
    } else {
      List<Object> contents = elements(tensor);
      boolean redacted = redact(contents, tensor, place, redaction);
      form.put("contents", contents);
      if (tensor.isRaw() && redacted) {
        form.put("raw", true);
      } else if (tensor.isRaw()) {
        keepRaw(form, tensor);
      }
    }
    if (!tensor.parameters().isEmpty()) {
      form.put("parameters", ParameterForm.write(tensor.parameters(), redaction));
    }
    return form;
  }

  /** Redacts token ids, which are a prompt; returns whether one is not as it was. */
  private static boolean redact(
      List<Object> contents, Tensor tensor, Redaction.Place place, Redaction redaction) {
    boolean ids =
        place == Redaction.Place.INPUT
            && tensor.datatype().name().contains("INT")
            && (tensor.size() > 1 || tensor.name().toLowerCase(Locale.ROOT).contains("ids"));
    boolean redacted = false;
    for (int i = 0; ids && i < contents.size(); i++) {
      String number = contents.get(i).toString();
      String written = redaction.redact(Redaction.Place.TOKEN, tensor.name(), number);
      if (!written.equals(number)) {
        contents.set(i, Map.of(REDACTED, written));
        redacted = true;
      }
    }
    return redacted;
  }

  private static void keepRaw(Map<String, @Nullable Object> form, Tensor tensor) {
    if (tensor.datatype().hasTypedContents()) {
      form.put("raw", true);
    }
    ByteBuffer bytes = tensor.rawContents();
    if (!TensorReader.read(new Fields("", form)).rawContents().equals(bytes)) {
      form.remove("contents");
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      form.put("raw", Base64.getEncoder().encodeToString(copy));
    }
  }

  private static List<Object> texts(Tensor tensor, Redaction.Place place, Redaction redaction) {
    List<Object> elements = new ArrayList<>(tensor.size());
    for (int i = 0; i < tensor.size(); i++) {
      String text = StandardCharsets.UTF_8.decode(tensor.bytes(i)).toString();
      String written = redaction.redact(place, tensor.name(), text);
      elements.add(written.equals(text) ? bytes(tensor.bytes(i)) : Map.of(REDACTED, written));
    }
    return elements;
  }

  private static Object bytes(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
    } catch (CharacterCodingException e) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return Map.of(BASE64, Base64.getEncoder().encodeToString(copy));
    }
  }

  private static List<Object> elements(Tensor tensor) {
    List<Object> elements = new ArrayList<>(tensor.size());
    switch (tensor.datatype()) {
      case BOOL -> {
        for (boolean value : tensor.booleans()) {
          elements.add(value);
        }
      }
      case UINT64 -> {
        for (long value : tensor.longs()) {
          elements.add(unsigned(value));
        }
      }
      case FP32, FP16, BF16 -> {
        for (float value : tensor.floats()) {
          elements.add(number(value));
        }
      }
      case FP64 -> {
        for (double value : tensor.doubles()) {
          elements.add(number(value));
        }
      }
      default -> {
        for (long value : tensor.longs()) {
          elements.add(value);
        }
      }
    }
    return elements;
  }

  static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  static Object number(double value) {
    // JSON's reader would take the sign from -0.0.
    return Double.isFinite(value) && (value != 0 || 1 / value > 0) ? value : Double.toString(value);
  }

  private static Object number(float value) {
    return Float.isFinite(value) && (value != 0 || 1 / value > 0)
        ? new BigDecimal(Float.toString(value))
        : Float.toString(value);
  }
}
