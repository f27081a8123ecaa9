package io.github.openaikserve.grpc;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Changes the encoding of a message at any depth, validly or invalidly: unknown fields, duplicate
 * or reordered fields, numbers with too many bytes, other wire types, wrong lengths.
 *
 * <p>Source: protobuf's encoding.
 */
final class WireDamage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int GROUP = 3;
  private static final int END_GROUP = 4;
  private static final int FIXED32 = 5;
  private static final int MAX_DEPTH = 5;

  private final Random random;

  WireDamage(long seed) {
    this.random = new Random(seed);
  }

  /** Returns bytes that may no longer be a valid message. */
  byte[] damage(byte[] message) {
    return changed(message, 0);
  }

  /** An encoded field: its number, its wire type, and the bytes after its tag. */
  private record Field(int number, int type, ByteString value) {}

  private byte[] changed(byte[] message, int depth) {
    List<Field> fields = fields(message);
    if (fields == null) {
      return flipped(message);
    }
    List<Field> all = new ArrayList<>(fields);
    int nested = random.nextInt(all.size() + 1);
    if (depth < MAX_DEPTH && nested < all.size() && all.get(nested).type() == BYTES) {
      Field field = all.get(nested);
      all.set(
          nested,
          new Field(field.number(), BYTES, bytes(changed(field.value().toByteArray(), depth + 1))));
      if (random.nextInt(3) > 0) {
        return written(all);
      }
    }
    int at = random.nextInt(all.size() + 1);
    switch (random.nextInt(5)) {
      case 0 -> all.add(at, unknown());
      case 1 -> all.addAll(at, fields.subList(0, Math.min(1 + random.nextInt(2), fields.size())));
      case 2 -> Collections.shuffle(all, random);
      case 3 -> retype(all, at);
      default -> {} // lengths and numbers may still be wrong
    }
    return written(all);
  }

  private static ByteString bytes(byte[] bytes) {
    return ByteString.copyFrom(bytes);
  }

  private byte[] flipped(byte[] bytes) {
    byte[] copy = bytes.clone();
    if (copy.length > 0) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
    }
    return copy;
  }

  private Field unknown() {
    int number = random.nextBoolean() ? 1 + random.nextInt(15) : 1 + random.nextInt(5000);
    int type = List.of(VARINT, FIXED64, BYTES, GROUP, FIXED32).get(random.nextInt(5));
    byte[] value = new byte[type == FIXED64 ? 8 : type == FIXED32 ? 4 : random.nextInt(4)];
    random.nextBytes(value);
    if (type == VARINT) {
      value = varint(random.nextLong() >>> random.nextInt(64));
    } else if (type == GROUP) {
      value = varint(tag(random.nextInt(8) == 0 ? number + 1 : number, END_GROUP));
    }
    return new Field(number, type, bytes(value));
  }

  private void retype(List<Field> all, int at) {
    if (!all.isEmpty()) {
      Field field = all.get(at % all.size());
      all.set(at % all.size(), new Field(field.number(), random.nextInt(8), field.value()));
    }
  }

  private byte[] written(List<Field> fields) {
    var out = new ByteArrayOutputStream();
    for (Field field : fields) {
      out.writeBytes(varint(tag(field.number(), field.type())));
      if (field.type() == BYTES) {
        out.writeBytes(varint(length(field.value().size())));
      }
      out.writeBytes(field.value().toByteArray());
    }
    return out.toByteArray();
  }

  /** Writes a length; one in forty is wrong: too long, too short or negative. */
  private long length(int right) {
    return switch (random.nextInt(200)) {
      case 0 -> right + 1L;
      case 1 -> Math.max(0, right - 1);
      case 2 -> Integer.MAX_VALUE;
      case 3 -> -1;
      case 4 -> right + (1L << 32);
      default -> right;
    };
  }

  private static long tag(int number, int type) {
    return ((long) number << 3) | type;
  }

  /** Writes a number; one in forty has more bytes than necessary. */
  private byte[] varint(long number) {
    var out = new ByteArrayOutputStream();
    long left = number;
    for (; (left & ~0x7fL) != 0; left >>>= 7) {
      out.write((int) (left & 0x7f) | 0x80);
    }
    int more = random.nextInt(40) == 0 ? 1 + random.nextInt(11) : 0;
    out.write((int) left | (more > 0 ? 0x80 : 0));
    for (; more > 0; more--) {
      out.write(more > 1 ? 0x80 : 0);
    }
    return out.toByteArray();
  }

  /** Returns the fields of a message; null if it is not a valid message. */
  private static @Nullable List<Field> fields(byte[] message) {
    List<Field> fields = new ArrayList<>();
    int position = 0;
    while (position < message.length) {
      int tag = message[position++];
      int from = position;
      int type = tag & 7;
      if (tag < 8) { // a number of more than one byte, or none
        return null;
      }
      if (type == VARINT) {
        while (position < message.length && message[position] < 0) {
          position++;
        }
        position++;
      } else if (type == BYTES) {
        int length = 0;
        for (int shift = 0; position < message.length && shift < 28; shift += 7) {
          byte next = message[position++];
          length |= (next & 0x7f) << shift;
          if (next >= 0) {
            break;
          }
        }
        from = position;
        position = from + length;
      } else {
        return null;
      }
      if (position > message.length) {
        return null;
      }
      fields.add(new Field(tag >>> 3, type, ByteString.copyFrom(message, from, position - from)));
    }
    return fields;
  }
}
