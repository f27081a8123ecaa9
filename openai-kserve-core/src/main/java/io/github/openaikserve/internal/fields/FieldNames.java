package io.github.openaikserve.internal.fields;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The names of fields that a client chose, in a form that a header may have. */
public final class FieldNames {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final int MAX = 32;

  /** Stands for the names that are not words. */
  private static final String NO_WORD = "unknown";

  private FieldNames() {}

  /** Returns the distinct names that are words, at most 32 of them. */
  public static List<String> words(Stream<String> names) {
    return names
        .map(name -> WORD.matcher(name).matches() ? name : NO_WORD)
        .distinct()
        .limit(MAX)
        .toList();
  }
}
