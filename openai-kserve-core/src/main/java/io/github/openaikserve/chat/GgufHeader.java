package io.github.openaikserve.chat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The chat template data in the header of a GGUF file. The weights are not read.
 *
 * <p>Source: {@code ggml-org/ggml}: {@code docs/gguf.md}, versions 2 and 3.
 *
 * @param templates the chat templates by name; the unnamed template has the name {@code default}
 * @param addsBos whether servers add the BOS token to a prompt
 */
record GgufHeader(Map<String, String> templates, SpecialTokens tokens, boolean addsBos) {
  private static final String TEMPLATE = "tokenizer.chat_template";
  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String TOKEN_TYPES = "tokenizer.ggml.token_type";
  private static final String BOS = "tokenizer.ggml.bos_token_id";
  private static final String EOS = "tokenizer.ggml.eos_token_id";
  private static final String ADDS_BOS = "tokenizer.ggml.add_bos_token";
  private static final int CONTROL = 3;

  /**
   * Reads a header.
   *
   * @param name the name of the file, for messages
   * @throws IllegalArgumentException if the file is not GGUF, or its header is incomplete
   */
  static GgufHeader read(InputStream file, String name) throws IOException {
    try {
      Map<String, Object> values = new HashMap<>();
      var in = new Input(new BufferedInputStream(file, 1 << 16), name);
      in.entries((key, type) -> keep(in, key, type, values));
      Map<String, String> templates = new HashMap<>();
      values.forEach(
          (key, value) -> {
            if (key.startsWith(TEMPLATE) && value instanceof String source) {
              String template = key.substring(TEMPLATE.length());
              templates.put(template.isEmpty() ? "default" : template.substring(1), source);
            }
          });
      return new GgufHeader(
          templates,
          new SpecialTokens(token(values, BOS), token(values, EOS), controlTokens(values)),
          !Boolean.FALSE.equals(values.get(ADDS_BOS)));
    } catch (EOFException e) {
      throw new IllegalArgumentException(name + " is truncated: its GGUF header is incomplete", e);
    }
  }

  private static void keep(Input in, String key, int type, Map<String, Object> values)
      throws IOException {
    if (type == Input.STRING && (key.equals(TEMPLATE) || key.startsWith(TEMPLATE + "."))) {
      values.put(key, in.string());
    } else if (type == Input.BOOL && key.equals(ADDS_BOS)) {
      values.put(key, in.number(1) != 0);
    } else if (type == Input.UINT32 && (key.equals(BOS) || key.equals(EOS))) {
      values.put(key, in.number(4));
    } else if (type == Input.ARRAY && key.equals(TOKENS)) {
      values.put(key, in.strings(TOKENS));
    } else if (type == Input.ARRAY && key.equals(TOKEN_TYPES)) {
      values.put(key, in.positionsOf(CONTROL, TOKEN_TYPES));
    } else {
      in.skip(type);
    }
  }

  /**
   * Returns the text of a token. Called after reading everything, because the id may precede or
   * follow the tokens.
   */
  private static String token(Map<String, Object> values, String idKey) {
    return values.get(idKey) instanceof Long id
            && values.get(TOKENS) instanceof List<?> tokens
            && id < tokens.size()
        ? String.valueOf(tokens.get(id.intValue()))
        : "";
  }

  private static Set<String> controlTokens(Map<String, Object> values) {
    Set<String> texts = new HashSet<>();
    if (values.get(TOKENS) instanceof List<?> tokens
        && values.get(TOKEN_TYPES) instanceof BitSet control) {
      control.stream()
          .filter(id -> id < tokens.size())
          .forEach(id -> texts.add(String.valueOf(tokens.get(id))));
    }
    return texts;
  }

  @FunctionalInterface
  private interface Entry {
    /** Reads or skips the value. */
    void of(String key, int type) throws IOException;
  }

  /** A reader of the file from its beginning. All numbers are little-endian. */
  private static final class Input {
    static final int UINT32 = 4;
    static final int INT32 = 5;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;

    /** The sizes of the types 0 to 12; 0 for types whose size is in the file. */
    private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    /** The maximum nesting depth of arrays, larger than in any real file. */
    private static final int MAX_DEPTH = 64;

    private final InputStream in;
    private final String name;

    Input(InputStream in, String name) {
      this.in = in;
      this.name = name;
    }

    void entries(Entry entry) throws IOException {
      if (number(4) != 0x46554747L) { // "GGUF"
        throw malformed("it is not a GGUF file");
      }
      long version = number(4);
      if (version != 2 && version != 3) {
        throw malformed("expected GGUF version 2 or 3, found version " + version);
      }
      number(8); // tensors
      long count = number(8);
      for (long i = 0; i < count; i++) {
        String key = string();
        entry.of(key, (int) number(4));
      }
    }

    long number(int bytes) throws IOException {
      long number = 0;
      for (int i = 0; i < bytes; i++) {
        int b = in.read();
        if (b < 0) {
          throw new EOFException();
        }
        number |= (long) b << (8 * i);
      }
      return number;
    }

    String string() throws IOException {
      int length = (int) length(number(8));
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException();
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }

    List<String> strings(String key) throws IOException {
      if (number(4) != STRING) {
        throw malformed(key + " is not an array of texts");
      }
      List<String> strings = new ArrayList<>();
      for (long left = length(number(8)); left > 0; left--) {
        strings.add(string());
      }
      return strings;
    }

    /** Returns the indexes at which an array of integers contains a number. */
    BitSet positionsOf(int wanted, String key) throws IOException {
      long type = number(4);
      if (type != INT32 && type != UINT32) {
        throw malformed(key + " is not an array of numbers of 4 bytes");
      }
      var positions = new BitSet();
      int length = (int) length(number(8));
      for (int i = 0; i < length; i++) {
        if (number(4) == wanted) {
          positions.set(i);
        }
      }
      return positions;
    }

    /** Skips a value. Nested arrays are handled without recursion. */
    void skip(int type) throws IOException {
      Deque<long[]> open =
          new ArrayDeque<>(); // the element type and the number of remaining elements of each array
      open.push(new long[] {type, 1});
      while (!open.isEmpty()) {
        long[] values = open.element();
        if (values[1] == 0) {
          open.pop();
        } else if (values[0] == ARRAY) {
          values[1]--;
          if (open.size() > MAX_DEPTH) {
            throw malformed("its arrays are nested more than " + MAX_DEPTH + " deep");
          }
          long element = number(4);
          open.push(new long[] {element, length(number(8))});
        } else if (values[0] == STRING) {
          values[1]--;
          in.skipNBytes(length(number(8)));
        } else {
          in.skipNBytes(values[1] * size((int) values[0]));
          values[1] = 0;
        }
      }
    }

    private int size(int type) {
      if (type < 0 || type >= SIZES.length || SIZES[type] == 0) {
        throw malformed("it has a value of unknown type " + type);
      }
      return SIZES[type];
    }

    /** Rejects impossible lengths. Other lengths are read in pieces until the file ends. */
    private static long length(long length) throws EOFException {
      if (length < 0 || length > Integer.MAX_VALUE) {
        throw new EOFException();
      }
      return length;
    }

    IllegalArgumentException malformed(String what) {
      return new IllegalArgumentException(name + " cannot be read: " + what);
    }
  }
}
