package io.github.openaikserve.grpc.internal.message;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An output tensor that {@link WireReader} is reading. Not thread-safe. */
final class WireTensor {
  private static final int NAME = (1 << 3) | 2;
  private static final int DATATYPE = (2 << 3) | 2;
  private static final int SHAPE = 3 << 3;
  private static final int PACKED_SHAPE = (3 << 3) | 2;
  private static final int CONTENTS = (5 << 3) | 2;
  private static final int BYTES_CONTENTS = (8 << 3) | 2;
  private static final long[] SCALAR = {};
  private static final long[] ONE = {1};
  private static final int MAX_DIMENSIONS = 16;

  private String name = "";
  private @Nullable Datatype datatype;
  private long[] shape = SCALAR;
  private boolean raw;
  private int from;
  private int end; // 0 without contents
  private List<ByteBuffer> elements = List.of();

  /** Reads the tensor message whose tag was just read. */
  WireTensor(WireReader in) throws IOException {
    int messageEnd = in.end();
    while (in.position() < messageEnd) {
      switch (in.varint()) {
        case NAME -> name = in.string();
        case DATATYPE -> datatype = datatype(in.string());
        case SHAPE -> dimension(in.int64());
        case PACKED_SHAPE -> {
          int fieldEnd = in.end();
          while (in.position() < fieldEnd) {
            dimension(in.int64());
          }
          WireReader.check(in.position() == fieldEnd);
        }
        case CONTENTS -> contents(in); // a second one appends to the first
        default -> WireReader.check(false);
      }
    }
    WireReader.check(in.position() == messageEnd);
  }

  private static Datatype datatype(String name) {
    return name.equals("BYTES") ? Datatype.BYTES : Datatype.valueOf(name);
  }

  /** Adds a dimension by copying the shape, which {@link #MAX_DIMENSIONS} keeps cheap. */
  private void dimension(long length) {
    if (length == 1 && shape.length == 0) {
      shape = ONE;
      return;
    }
    WireReader.check(shape.length < MAX_DIMENSIONS);
    shape = Arrays.copyOf(shape, shape.length + 1);
    shape[shape.length - 1] = length;
  }

  private void contents(WireReader in) throws IOException {
    int contentsEnd = in.end();
    while (in.position() < contentsEnd) {
      WireReader.check(in.varint() == BYTES_CONTENTS);
      element(in, in.skip(), in.position());
    }
    WireReader.check(in.position() == contentsEnd);
  }

  /** Adds a BYTES element. Creates a list only for a second one, because most tensors have one. */
  private void element(WireReader in, int elementFrom, int elementEnd) {
    if (end == 0) {
      from = elementFrom;
      end = elementEnd;
      return;
    }
    if (elements.isEmpty()) {
      elements = new ArrayList<>();
      elements.add(in.view(from, end));
    }
    elements.add(in.view(elementFrom, elementEnd));
  }

  /** Sets the position of this tensor's element of {@code raw_output_contents}. */
  void raw(int rawFrom, int rawEnd) {
    raw = true;
    from = rawFrom;
    end = rawEnd;
  }

  /** Returns the tensor, a view of the message. */
  Tensor tensor(WireReader in) {
    Datatype type = datatype;
    if (raw && type != null) {
      return Tensor.raw(name, type, shape, in.view(from, end));
    }
    WireReader.check(type == Datatype.BYTES);
    if (end == 0 || !elements.isEmpty()) {
      return Tensor.of(name, shape, elements);
    }
    return Tensor.of(name, shape, List.of(in.view(from, end)));
  }
}
