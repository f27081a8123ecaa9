package io.github.openaikserve.grpc.internal.message;

import com.google.protobuf.CodedInputStream;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fast reader of responses, without the generated classes. It reads fields from protobuf's {@link
 * CodedInputStream}, and its tensors are views of the message. Not thread-safe; one per message.
 *
 * <p>Reads the messages of text streams: typed BYTES tensors, raw tensors of any datatype, and one
 * boolean parameter. Rejects every other message, including malformed ones; {@code
 * ResponseMarshaller} parses those with the generated classes. For a message that both can read,
 * the result is the same.
 *
 * <p><b>Source:</b> the field numbers of open_inference.proto; protobuf's encoding.
 */
public final class WireReader {
  private static final int INFER_RESPONSE = (2 << 3) | 2;
  private static final int MODEL_NAME = (1 << 3) | 2;
  private static final int MODEL_VERSION = (2 << 3) | 2;
  private static final int ID = (3 << 3) | 2;
  private static final int PARAMETERS = (4 << 3) | 2;
  private static final int OUTPUTS = (5 << 3) | 2;
  private static final int RAW_CONTENTS = (6 << 3) | 2;
  private static final int KEY = (1 << 3) | 2;
  private static final int VALUE = (2 << 3) | 2;
  private static final int BOOL_VALUE = 1 << 3;

  /** Thrown for a message that the generated classes have to parse; never leaves this class. */
  private static final class NotPlain extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NotPlain() {
      super(null, null, false, false);
    }
  }

  private final byte[] bytes;
  private final StringPool strings;
  private final CodedInputStream in;

  public WireReader(byte[] bytes, StringPool strings) {
    this.bytes = bytes;
    this.strings = strings;
    this.in = CodedInputStream.newInstance(bytes);
  }

  /**
   * Returns the response; null if the generated classes have to parse the message.
   *
   * @param enveloped whether the message is a {@code ModelStreamInferResponse}
   */
  public @Nullable InferResponse read(boolean enveloped) {
    try {
      if (!enveloped) {
        return response(bytes.length);
      }
      check(varint() == INFER_RESPONSE);
      int end = end();
      check(end == bytes.length);
      return response(end);
    } catch (NotPlain
        | IOException
        | IllegalArgumentException e) { // IllegalArgumentException is a tensor's
      return null;
    }
  }

  private InferResponse response(int end) throws IOException {
    String model = "";
    String version = "";
    String id = "";
    Map<String, InferParameter> parameters = Map.of();
    WireTensor[] outputs = new WireTensor[2];
    int count = 0;
    int raw = 0;
    while (position() < end) {
      switch (varint()) {
        case MODEL_NAME -> model = string();
        case MODEL_VERSION -> version = string();
        case ID -> id = string();
        case PARAMETERS -> {
          check(parameters.isEmpty());
          parameters = parameter();
        }
        case OUTPUTS -> {
          check(raw == 0);
          if (count == outputs.length) {
            outputs = Arrays.copyOf(outputs, 2 * count);
          }
          outputs[count++] = new WireTensor(this);
        }
        case RAW_CONTENTS -> {
          check(raw < count);
          outputs[raw++].raw(skip(), position());
        }
        default -> throw new NotPlain();
      }
    }
    check(position() == end && (raw == 0 || raw == count));
    return new InferResponse(model, version, id, parameters, tensors(outputs, count));
  }

  private List<Tensor> tensors(WireTensor[] outputs, int count) {
    return switch (count) {
      case 1 -> List.of(outputs[0].tensor(this));
      case 2 -> List.of(outputs[0].tensor(this), outputs[1].tensor(this));
      default -> Arrays.stream(outputs, 0, count).map(output -> output.tensor(this)).toList();
    };
  }

  /** Reads a boolean parameter, such as Triton's {@code triton_final_response}. */
  private Map<String, InferParameter> parameter() throws IOException {
    int end = end();
    check(varint() == KEY);
    String name = string();
    check(varint() == VALUE);
    check(end() == end && varint() == BOOL_VALUE);
    InferParameter value = InferParameter.of(in.readBool());
    check(position() == end);
    return Map.of(name, value);
  }

  /** Reads an ASCII string. */
  String string() throws IOException {
    int from = skip();
    String string = strings.get(bytes, from, position() - from);
    if (string == null) {
      throw new NotPlain();
    }
    return string;
  }

  /** Skips the value of a string or bytes field; returns the position of its first byte. */
  int skip() throws IOException {
    int length = varint();
    int from = position();
    in.skipRawBytes(length);
    return from;
  }

  /**
   * Reads the length of a nested message or a packed field and returns its end. The caller must
   * check that it reaches exactly this position, which also rejects lengths that are negative or
   * too large.
   */
  int end() throws IOException {
    int length = varint();
    return position() + length;
  }

  /** Reads a tag, a length or another number of up to 32 bits. */
  int varint() throws IOException {
    return in.readRawVarint32();
  }

  long int64() throws IOException {
    return in.readInt64();
  }

  int position() {
    return in.getTotalBytesRead();
  }

  /** Returns a view of the message. */
  ByteBuffer view(int from, int end) {
    return ByteBuffer.wrap(bytes, from, end - from);
  }

  /** Rejects the message unless {@code plain}. */
  public static void check(boolean plain) {
    if (!plain) {
      throw new NotPlain();
    }
  }
}
