package io.github.openaikserve.grpc;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An output tensor as {@link WireReader} finds it. Not thread-safe. */
final class WireTensor {
  private static final int NAME = (1 << 3) | 2;
  private static final int DATATYPE = (2 << 3) | 2;
  private static final int SHAPE = 3 << 3;
  private static final int PACKED_SHAPE = (3 << 3) | 2;
  private static final int CONTENTS = (5 << 3) | 2;
  private static final int BYTES_CONTENTS = (8 << 3) | 2;
  private static final long[] SCALAR = {};
  private static final int MAX_DIMENSIONS = 16;

  private String name = "";
  private @Nullable Datatype datatype;
  private long[] shape = SCALAR;
  private boolean contents;
  private boolean raw;
  private int from;
  private int end;
  private @Nullable List<ByteBuffer> more;
  private int elements;

  /** Reads one that ends there. */
  WireTensor(WireReader in, int tensorEnd) {
    while (in.position() < tensorEnd) {
      int tag = in.tag(tensorEnd);
      if (tag == SHAPE) {
        dimension(in.varint(tensorEnd));
        continue;
      }
      int fieldEnd = in.end(tensorEnd);
      switch (tag) {
        case NAME -> name = in.name(fieldEnd);
        case DATATYPE -> datatype = in.datatype(fieldEnd);
        case PACKED_SHAPE -> {
          while (in.position() < fieldEnd) {
            dimension(in.varint(fieldEnd));
          }
        }
        case CONTENTS -> {
          WireReader.check(!contents);
          contents = true;
          contents(in, fieldEnd);
        }
        default -> WireReader.check(false);
      }
      WireReader.check(in.position() == fieldEnd);
    }
  }

  /** Few, for each is a copy of those before. */
  private void dimension(long length) {
    WireReader.check(shape.length < MAX_DIMENSIONS);
    shape = Arrays.copyOf(shape, shape.length + 1);
    shape[shape.length - 1] = length;
  }

  private void contents(WireReader in, int contentsEnd) {
    while (in.position() < contentsEnd) {
      WireReader.check(in.tag(contentsEnd) == BYTES_CONTENTS);
      int fieldEnd = in.end(contentsEnd);
      element(in, in.position(), fieldEnd);
      in.skipTo(fieldEnd);
    }
  }

  private void element(WireReader in, int elementFrom, int elementEnd) {
    if (elements++ == 0) {
      from = elementFrom;
      end = elementEnd;
      return;
    }
    List<ByteBuffer> all = more;
    if (all == null) {
      all = new ArrayList<>();
      all.add(in.view(from, end));
      more = all;
    }
    all.add(in.view(elementFrom, elementEnd));
  }

  /** Says where its raw contents are. */
  void raw(int rawFrom, int rawEnd) {
    raw = true;
    from = rawFrom;
    end = rawEnd;
  }

  /** The tensor, a view of the message. */
  Tensor tensor(WireReader in) {
    Datatype type = datatype;
    if (raw && type != null) {
      return Tensor.raw(name, type, shape, in.view(from, end));
    }
    WireReader.check(type == Datatype.BYTES);
    if (elements == 1) {
      return Tensor.of(name, shape, List.of(in.view(from, end)));
    }
    return Tensor.of(name, shape, more == null ? List.of() : more);
  }
}
