package io.github.openaikserve.llamacpp;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The training context of a model in a GGUF file, and its memory per token.
 *
 * <p><b>Source:</b> ggml-org/ggml, docs/gguf.md, versions 2 and 3.
 *
 * @param trained the training context, in tokens; 0 if unknown
 * @param bytesPerToken the memory per token of one slot: keys and values as FP16, and the scores of
 *     a batch
 * @param vocabulary the number of tokens of the vocabulary; 0 if unknown
 */
record ModelContext(long trained, long bytesPerToken, int vocabulary) {
  /** The maximum memory of all contexts, in bytes, if their size is not set. */
  static final long MEMORY = 4L << 30;

  private static final int DEFAULT = 4096;
  private static final int MIN = 512;
  private static final int STEP = 256;
  private static final int FP16 = 2;

  /** The bytes of scores per head and context token: 512 tokens of a batch, as FP32. */
  private static final int BATCH_SCORES = 512 * 4;

  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  /** The sizes of the types 0 to 12 in bytes; 0 if the size is in the file. */
  private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  /**
   * Reads the header of a file; the weights are not read.
   *
   * @throws IOException if the file cannot be read
   */
  static ModelContext of(Path gguf) throws IOException {
    try (var in = new BufferedInputStream(Files.newInputStream(gguf), 1 << 16)) {
      return of(numbers(in));
    } catch (EOFException e) {
      return new ModelContext(0, 0, 0); // llama.cpp will report the error of the file
    }
  }

  /** Returns the context size of a slot: the training context, limited by the memory. */
  int size(int slots) {
    if (trained <= 0) {
      return DEFAULT;
    }
    long fits = bytesPerToken <= 0 ? DEFAULT : MEMORY / bytesPerToken / slots / STEP * STEP;
    return (int) Math.min(Math.min(trained, 1 << 24), Math.max(fits, MIN));
  }

  private static ModelContext of(Map<String, Long> numbers) {
    long heads = numbers.getOrDefault("attention.head_count", 0L);
    long width = heads == 0 ? 0 : numbers.getOrDefault("embedding_length", 0L) / heads;
    long keys = numbers.getOrDefault("attention.key_length", width);
    long values = numbers.getOrDefault("attention.value_length", width);
    long perToken =
        numbers.getOrDefault("block_count", 0L)
                * numbers.getOrDefault("attention.head_count_kv", heads)
                * (keys + values)
                * FP16
            + heads * BATCH_SCORES;
    return new ModelContext(
        numbers.getOrDefault("context_length", 0L),
        perToken,
        numbers.getOrDefault(TOKENS, 0L).intValue());
  }

  /** Returns the integers of the header, by their keys without the architecture. */
  private static Map<String, Long> numbers(InputStream in) throws IOException {
    Map<String, Long> numbers = new HashMap<>();
    if (number(in, 4) != 0x46554747L) { // "GGUF"
      throw new EOFException();
    }
    number(in, 4); // version
    number(in, 8); // tensors
    for (long left = number(in, 8); left > 0; left--) {
      String key = new String(bytes(in, number(in, 8)), StandardCharsets.UTF_8);
      int type = (int) number(in, 4);
      if (type == 4 || type == 5 || type == 10 || type == 11) {
        numbers.put(key.substring(key.indexOf('.') + 1), number(in, SIZES[type]));
      } else {
        long elements = skip(in, type);
        if (key.equals(TOKENS)) {
          numbers.put(TOKENS, elements);
        }
      }
    }
    return numbers;
  }

  /** Skips a value; returns the number of its elements, 1 unless it is an array. */
  private static long skip(InputStream in, int type) throws IOException {
    long elements = 1;
    if (type == STRING) {
      in.skipNBytes(length(number(in, 8)));
    } else if (type == ARRAY) {
      int element = (int) number(in, 4);
      long count = length(number(in, 8));
      elements = count;
      if (element == STRING || element == ARRAY) {
        for (long i = 0; i < count; i++) {
          skip(in, element);
        }
      } else {
        in.skipNBytes(count * width(element));
      }
    } else {
      in.skipNBytes(width(type));
    }
    return elements;
  }

  private static int width(int type) throws EOFException {
    if (type < 0 || type >= SIZES.length || SIZES[type] == 0) {
      throw new EOFException();
    }
    return SIZES[type];
  }

  private static byte[] bytes(InputStream in, long length) throws IOException {
    byte[] bytes = in.readNBytes((int) length(length));
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private static long number(InputStream in, int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      number |= (long) next << (8 * i);
    }
    return number;
  }

  private static long length(long length) throws EOFException {
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw new EOFException();
    }
    return length;
  }
}
