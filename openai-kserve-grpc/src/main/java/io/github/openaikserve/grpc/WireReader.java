package io.github.openaikserve.grpc;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a response straight from the bytes of its message, without the generated objects between.
 * Not thread-safe; one per message.
 *
 * <p>Reads what streams of text are made of: typed texts, raw tensors of any type, parameters that
 * are true or false. Gives up on everything else, malformed bytes among it: {@link
 * ResponseMarshaller} has the generated classes read those, so what is read here must be no more
 * than the same.
 *
 * <p>Source: protobuf's encoding; the field numbers of {@code open_inference.proto}.
 */
final class WireReader {
  private static final int ENVELOPED = (2 << 3) | 2;
  private static final int MODEL_NAME = (1 << 3) | 2;
  private static final int MODEL_VERSION = (2 << 3) | 2;
  private static final int ID = (3 << 3) | 2;
  private static final int PARAMETERS = (4 << 3) | 2;
  private static final int OUTPUTS = (5 << 3) | 2;
  private static final int RAW_CONTENTS = (6 << 3) | 2;
  private static final int KEY = (1 << 3) | 2;
  private static final int VALUE = (2 << 3) | 2;
  private static final int BOOL_VALUE = 1 << 3;
  private static final int MAX_PARAMETERS = 16;

  /** Thrown where a plainer reading is needed; nobody sees it. */
  private static final class NotPlain extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NotPlain() {
      super(null, null, false, false);
    }
  }

  private final byte[] bytes;
  private final KnownNames names;
  private int position;

  WireReader(byte[] bytes, KnownNames names) {
    this.bytes = bytes;
    this.names = names;
  }

  /**
   * The response; null if it is not plain enough.
   *
   * @param enveloped whether it is in a message of a stream
   */
  @Nullable InferResponse read(boolean enveloped) {
    try {
      if (!enveloped) {
        return response(bytes.length);
      }
      if (bytes.length == 0 || tag(bytes.length) != ENVELOPED) {
        return null;
      }
      int end = end(bytes.length);
      return end == bytes.length ? response(end) : null;
    } catch (NotPlain | IllegalArgumentException e) { // the latter from a tensor
      return null;
    }
  }

  private InferResponse response(int end) {
    String model = "";
    String version = "";
    String id = "";
    Map<String, InferParameter> parameters = Map.of();
    List<WireTensor> outputs = new ArrayList<>(2);
    int raws = 0;
    while (position < end) {
      int tag = tag(end);
      int fieldEnd = end(end);
      switch (tag) {
        case MODEL_NAME -> model = name(fieldEnd);
        case MODEL_VERSION -> version = name(fieldEnd);
        case ID -> id = name(fieldEnd);
        case PARAMETERS -> parameters = parameter(parameters, fieldEnd);
        case OUTPUTS -> {
          check(raws == 0);
          outputs.add(new WireTensor(this, fieldEnd));
        }
        case RAW_CONTENTS -> {
          check(raws < outputs.size());
          outputs.get(raws++).raw(position, fieldEnd);
          position = fieldEnd;
        }
        default -> throw new NotPlain();
      }
      check(position == fieldEnd);
    }
    check(raws == 0 || raws == outputs.size());
    return new InferResponse(model, version, id, parameters, tensors(outputs));
  }

  private List<Tensor> tensors(List<WireTensor> outputs) {
    return switch (outputs.size()) {
      case 0 -> List.of();
      case 1 -> List.of(outputs.get(0).tensor(this));
      case 2 -> List.of(outputs.get(0).tensor(this), outputs.get(1).tensor(this));
      default -> outputs.stream().map(output -> output.tensor(this)).toList();
    };
  }

  /**
   * Adds one that is true or false, such as whether Triton's response is the last one. Few, for
   * each is a copy of those before.
   */
  private Map<String, InferParameter> parameter(Map<String, InferParameter> before, int end) {
    check(before.size() < MAX_PARAMETERS);
    check(tag(end) == KEY);
    String name = name(end(end));
    check(tag(end) == VALUE);
    check(end(end) == end && end - position == 2 && tag(end) == BOOL_VALUE);
    byte value = bytes[position++];
    check(value == 0 || value == 1);
    if (before.isEmpty()) {
      return Map.of(name, InferParameter.of(value == 1));
    }
    Map<String, InferParameter> all = new HashMap<>(before);
    all.put(name, InferParameter.of(value == 1));
    return all;
  }

  /** A name; it must be in ASCII. */
  String name(int end) {
    String name = names.get(bytes, position, end - position);
    if (name == null) {
      throw new NotPlain();
    }
    position = end;
    return name;
  }

  /** A datatype's name. */
  Datatype datatype(int end) {
    String name = name(end);
    return name.equals("BYTES") ? Datatype.BYTES : Datatype.valueOf(name);
  }

  /** A tag of one byte, as all fields have that are known here. */
  int tag(int end) {
    check(position < end && bytes[position] > 0);
    return bytes[position++];
  }

  /** Reads a length and gives where what is so long ends. */
  int end(int limit) {
    long length = varint(limit);
    check(length >= 0 && length <= limit - position);
    return position + (int) length;
  }

  /** A number of at most five bytes. */
  long varint(int end) {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      check(position < end);
      byte next = bytes[position++];
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new NotPlain();
  }

  int position() {
    return position;
  }

  void skipTo(int end) {
    position = end;
  }

  static void check(boolean plain) {
    if (!plain) {
      throw new NotPlain();
    }
  }

  /** The bytes between. */
  ByteBuffer view(int from, int end) {
    return ByteBuffer.wrap(bytes, from, end - from);
  }
}
