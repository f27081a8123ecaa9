package io.github.openaikserve.grpc.internal.message;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the texts of TorchServe, which sends each element of a BYTES tensor as a JSON string,
 * with quotes and escapes.
 *
 * <p><b>Source:</b> pytorch/serve,
 * frontend/server/src/main/java/org/pytorch/serve/job/GRPCJob.java.
 */
public final class TorchServeTexts {
  /** The full name of TorchServe's service. */
  public static final String SERVICE = "org.pytorch.serve.grpc.openinference.GRPCInferenceService";

  private static final int HEX_DIGITS = 4;

  private TorchServeTexts() {}

  /** Returns the response with its texts decoded. */
  public static InferResponse unquoted(InferResponse response) {
    return new InferResponse(
        response.modelName(),
        response.modelVersion(),
        response.id(),
        response.parameters(),
        response.outputs().stream().map(TorchServeTexts::unquoted).toList());
  }

  private static Tensor unquoted(Tensor tensor) {
    if (tensor.datatype() != Datatype.BYTES) {
      return tensor;
    }
    List<ByteBuffer> elements = new ArrayList<>(tensor.size());
    for (int i = 0; i < tensor.size(); i++) {
      ByteBuffer element = tensor.bytes(i);
      String text = unquoted(StandardCharsets.UTF_8.decode(element.duplicate()).toString());
      elements.add(text == null ? element : ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
    return Tensor.of(tensor.name(), tensor.shape(), elements).withParameters(tensor.parameters());
  }

  /** Returns the text of a JSON string; null if the argument is not a JSON string. */
  public static @Nullable String unquoted(String json) {
    int last = json.length() - 1;
    if (last < 1 || json.charAt(0) != '"' || json.charAt(last) != '"') {
      return null;
    }
    var text = new StringBuilder(last);
    int i = 1;
    while (i < last) {
      char c = json.charAt(i);
      if (c == '"') {
        return null;
      }
      if (c != '\\') {
        text.append(c);
        i++;
        continue;
      }
      int escaped = i + 1 < last ? escaped(json, i + 1, last) : -1;
      if (escaped < 0) {
        return null;
      }
      text.append((char) escaped);
      i += json.charAt(i + 1) == 'u' ? 2 + HEX_DIGITS : 2;
    }
    return text.toString();
  }

  /** Returns the character of an escape; -1 if the escape is not valid. */
  private static int escaped(String json, int at, int end) {
    return switch (json.charAt(at)) {
      case '"', '\\', '/' -> json.charAt(at);
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode(json, at + 1, end);
      default -> -1;
    };
  }

  private static int unicode(String json, int from, int end) {
    if (from + HEX_DIGITS > end) {
      return -1;
    }
    int unit = 0;
    for (int i = from; i < from + HEX_DIGITS; i++) {
      int digit = Character.digit(json.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }
}
