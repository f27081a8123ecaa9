package io.github.openaikserve.dialect;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A reader of transcripts and audio in tensors. */
final class AudioReader {
  private static final String START = "start";
  private static final String END = "end";
  private static final String TEXT = "text";
  private static final String WORD = "word";

  private AudioReader() {}

  /**
   * Returns audio: the bytes of one element, or 16-bit samples.
   *
   * @throws DialectException naming the tensor, if it contains neither
   */
  static ByteBuffer audio(Tensor tensor) {
    return switch (tensor.datatype()) {
      case BYTES -> tensor.size() == 0 ? ByteBuffer.allocate(0) : Scalars.bytes(tensor);
      case INT16 -> tensor.rawContents();
      case FP32, FP16, BF16, FP64 -> samples(tensor);
      default ->
          throw new DialectException(
              "Output tensor '%s' is %s; expected BYTES, INT16 or %s."
                  .formatted(tensor.name(), tensor.datatype(), Datatype.FP32));
    };
  }

  /** Converts numbers from -1 to 1 to 16-bit samples. Larger numbers are clipped. */
  private static ByteBuffer samples(Tensor tensor) {
    double[] numbers = tensor.doubles();
    ByteBuffer samples =
        ByteBuffer.allocate(Math.multiplyExact(numbers.length, Short.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (double number : numbers) {
      if (Double.isNaN(number)) {
        throw new DialectException(
            "Output tensor '%s' contains NaN; expected samples.".formatted(tensor.name()));
      }
      double clipped = Math.max(-1, Math.min(1, number));
      samples.putShort((short) Math.round(clipped * Short.MAX_VALUE));
    }
    return samples.flip().asReadOnlyBuffer();
  }

  /**
   * Returns the segments in a tensor with one JSON list of objects with text and times.
   *
   * @throws DialectException if the tensor contains anything else
   */
  static List<Transcript.Segment> segments(Tensor tensor) {
    return parts(tensor, TEXT);
  }

  /**
   * Returns the words in a tensor that contains one JSON list of objects with a word and its times.
   *
   * @throws DialectException if the tensor has other content
   */
  static List<Transcript.Segment> words(Tensor tensor) {
    return parts(tensor, WORD);
  }

  private static List<Transcript.Segment> parts(Tensor tensor, String name) {
    String json = StandardCharsets.UTF_8.decode(Scalars.bytes(tensor)).toString();
    if (!(JsonCodec.readValue(json).orElse("") instanceof List<?> list)) {
      throw notParts(tensor, name);
    }
    List<Transcript.Segment> segments = new ArrayList<>(list.size());
    for (Object element : list) {
      if (!(element instanceof Map<?, ?> object
          && object.get(START) instanceof Number start
          && object.get(END) instanceof Number end
          && object.get(name) instanceof String text)) {
        throw notParts(tensor, name);
      }
      segments.add(new Transcript.Segment(start.doubleValue(), end.doubleValue(), text));
    }
    return segments;
  }

  private static DialectException notParts(Tensor tensor, String name) {
    return new DialectException(
        "Output tensor '%s' does not contain a JSON list of objects with 'start', 'end' and '%s'."
            .formatted(tensor.name(), name));
  }

  /**
   * Returns a number.
   *
   * @throws DialectException if the tensor does not contain a single finite number
   */
  static double seconds(Tensor tensor) {
    boolean number =
        switch (tensor.datatype()) {
          case FP32, FP16, BF16, FP64 -> tensor.size() == 1;
          default -> false;
        };
    double seconds = number ? tensor.doubles()[0] : Double.NaN;
    if (!Double.isFinite(seconds)) {
      throw new DialectException(
          "Output tensor '%s' is %s with %d elements; expected a number of seconds."
              .formatted(tensor.name(), tensor.datatype(), tensor.size()));
    }
    return seconds;
  }
}
