package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates an expression for the arrays of a schema. Not thread-safe. */
final class ArrayGrammar {
  private static final int MAX_COUNT = 1000;
  private static final int MAX_TUPLE = 100;
  private static final String ANY = "array";

  private final GrammarRules rules;
  private final SchemaGrammar values;
  private final ObjectNode schema;

  ArrayGrammar(GrammarRules rules, SchemaGrammar values, ObjectNode schema) {
    this.rules = rules;
    this.values = values;
    this.schema = schema;
  }

  @Nullable String expression(int depth) {
    int least = ScalarGrammar.limit(schema, "minItems", 0);
    int most = ScalarGrammar.limit(schema, "maxItems", Integer.MAX_VALUE);
    if (least > most) {
      return null;
    }
    for (String keyword : List.of("prefixItems", "items")) {
      if (schema.get(keyword) instanceof ArrayNode tuple && !tuple.isEmpty()) {
        return tuple(
            tuple, keyword.equals("items") ? "additionalItems" : "items", least, most, depth);
      }
    }
    String item = values.value(schema.path("items"), depth + 1);
    return item == null
        ? least > 0 ? null : rules.add("\"[\" space \"]\" space")
        : list(item, least, most);
  }

  private String list(String item, int least, int most) {
    int from = Math.min(least, MAX_COUNT);
    int to = most > MAX_COUNT ? Integer.MAX_VALUE : most;
    if (to == 0) {
      return rules.add("\"[\" space \"]\" space");
    }
    if (!rules.reserve(to == Integer.MAX_VALUE ? from : to)) {
      return ANY;
    }
    String count =
        "{" + Math.max(0, from - 1) + "," + (to == Integer.MAX_VALUE ? "" : to - 1) + "}";
    String more = to == 1 ? "" : " ( \",\" space " + item + " )" + count;
    String items = item + more;
    return rules.add("\"[\" space " + (from == 0 ? "( " + items + " )?" : items) + " \"]\" space");
  }

  /** Returns an expression for a value of each of the schemas, and more if the array needs more. */
  private @Nullable String tuple(ArrayNode tuple, String others, int least, int most, int depth) {
    if (tuple.size() > MAX_TUPLE || least > MAX_TUPLE) {
      return ANY;
    }
    List<String> items = new ArrayList<>();
    for (int i = 0; i < Math.min(most, Math.max(least, tuple.size())); i++) {
      JsonNode other = schema.has(others) ? schema.path(others) : BooleanNode.TRUE;
      String item = values.value(i < tuple.size() ? tuple.path(i) : other, depth + 1);
      if (item == null) {
        return i < least ? null : close(items);
      }
      items.add(item);
    }
    return close(items);
  }

  private String close(List<String> items) {
    return rules.add("\"[\" space " + String.join(" \",\" space ", items) + " \"]\" space");
  }
}
