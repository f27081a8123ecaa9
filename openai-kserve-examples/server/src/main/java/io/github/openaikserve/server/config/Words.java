package io.github.openaikserve.server.config;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.kserve.Datatype;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The words of the tables of tensors. */
final class Words {
  private Words() {}

  /** The words of a list. */
  static String[] of(Value list) {
    return list.list(Value::scalar).toArray(String[]::new);
  }

  /** A type of tensors, by the protocol's own name for it. */
  static Datatype datatype(Value value) {
    return among(value, Datatype.values(), Datatype::name);
  }

  /** What a request may ask for, such as {@code max_tokens}. */
  static RequestField requestField(Value value) {
    return among(value, RequestField.values(), field -> field.name().toLowerCase(Locale.ROOT));
  }

  /** What a response may tell, such as {@code finish_reason}. */
  static ResponseField responseField(Value value) {
    return among(value, ResponseField.values(), field -> field.name().toLowerCase(Locale.ROOT));
  }

  private static <T> T among(Value value, T[] all, Function<T, String> word) {
    var byWord = Arrays.stream(all).collect(Collectors.toMap(word, Function.identity()));
    return value.oneOf(byWord.keySet(), name -> byWord.get(name));
  }
}
