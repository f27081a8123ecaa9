package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.internal.responses.ItemPage;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a query string. If a name occurs twice, the first value applies. Immutable. */
record Query(Map<String, String> values) {
  private static final int MAX_LIMIT = 100;

  /**
   * Returns the query of a request.
   *
   * @throws InvalidRequestException if the query is not valid percent-encoding
   */
  static Query of(ApiRequest request) {
    String path = request.path();
    int query = path.indexOf('?');
    Map<String, String> values = new HashMap<>();
    if (query >= 0) {
      for (String pair : path.substring(query + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        values.putIfAbsent(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return new Query(Map.copyOf(values));
  }

  private static String decode(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          400, null, null, "The query string is not valid percent-encoding.", e);
    }
  }

  @Nullable String get(String name) {
    return values.get(name);
  }

  /**
   * Returns the requested page.
   *
   * @throws InvalidRequestException naming the invalid parameter
   */
  ItemPage page() {
    return new ItemPage(
        number("limit", ItemPage.DEFAULT.limit(), MAX_LIMIT), ascending(), get("after"));
  }

  /**
   * Returns a number of at least 1.
   *
   * @throws InvalidRequestException if the value is not such a number
   */
  int number(String name, int byDefault, int max) {
    String value = get(name);
    if (value == null) {
      return byDefault;
    }
    if (value.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= max) {
        return number;
      }
    }
    throw invalid(name, "a number from 1 to %d".formatted(max), value);
  }

  private boolean ascending() {
    String order = get("order");
    if (order == null) {
      return ItemPage.DEFAULT.ascending();
    }
    if (!order.equals("asc") && !order.equals("desc")) {
      throw invalid("order", "'asc' or 'desc'", order);
    }
    return order.equals("asc");
  }

  private static InvalidRequestException invalid(String name, String expected, String value) {
    return InvalidRequestException.badValue(
        name,
        "invalid_value",
        "Invalid '%s': expected %s, but got '%s'."
            .formatted(name, expected, InvalidRequestException.shown(value)));
  }
}
