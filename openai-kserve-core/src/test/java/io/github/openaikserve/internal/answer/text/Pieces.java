package io.github.openaikserve.internal.answer.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts texts and bytes into pieces at given places, and at stop sequences. */
public final class Pieces {
  private Pieces() {}

  /** Pieces that together are the bytes; any numbers will do for the cuts. */
  public static List<byte[]> of(byte[] bytes, List<Integer> cuts) {
    List<byte[]> pieces = new ArrayList<>();
    int from = 0;
    for (int to : places(bytes.length, cuts)) {
      pieces.add(Arrays.copyOfRange(bytes, from, to));
      from = to;
    }
    return pieces;
  }

  /** Pieces that together are the text; any numbers will do for the cuts. */
  public static List<String> of(String text, List<Integer> cuts) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    for (int to : places(text.length(), cuts)) {
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  /** The text up to where the first of the stop sequences begins. */
  public static String cutAtEarliest(String text, List<String> stops) {
    int cut =
        stops.stream().mapToInt(text::indexOf).filter(i -> i >= 0).min().orElse(text.length());
    return text.substring(0, cut);
  }

  private static int[] places(int length, List<Integer> cuts) {
    return java.util.stream.IntStream.concat(
            cuts.stream().mapToInt(cut -> Math.floorMod(cut, length + 1)),
            java.util.stream.IntStream.of(length))
        .sorted()
        .toArray();
  }
}
