package io.github.openaikserve.internal.regex;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * A context-free grammar over characters. Immutable once compiled.
 *
 * <p>The right sides of all productions are concatenated, each followed by {@link #END}. A place is
 * an index into them and states how much of a right side has been matched. The symbol at a place is
 * the number of a rule (0 or more), a set of characters as {@code -1 - number}, or {@link #END}.
 */
final class Productions {
  static final int END = Integer.MIN_VALUE;

  private static final String START = "start";
  private static final Node NOTHING = new Node.Sequence(List.of());

  private final Map<String, Integer> rules = new HashMap<>();
  private final Map<String, Node> definitions;
  private final List<Node> ignored;
  private final Steps size;
  private final List<List<Integer>> begins = new ArrayList<>();
  private final List<IntPredicate> sets = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private final List<Integer> owners = new ArrayList<>();
  private final List<Node> pending = new ArrayList<>();

  private final int start;
  private final int[] symbols;
  private final int[] ownerOf;
  private final boolean[] nullable;

  /**
   * Compiles a grammar.
   *
   * @param definitions the rules and terminals, by name
   * @param ignored the ignored terminals
   * @param size the maximum number of parts
   * @throws IllegalArgumentException if a rule is not defined
   * @throws Steps.ExhaustedException if the grammar has more parts than {@code size} allows
   */
  Productions(Map<String, Node> definitions, List<Node> ignored, Steps size) {
    this.definitions = definitions;
    this.ignored = ignored;
    this.size = size;
    if (!definitions.containsKey(START)) {
      throw new IllegalArgumentException("the rule 'start' is missing");
    }
    start =
        rule(new Node.Sequence(List.of(new Node.Rule(START), new Node.Rule(LarkReader.IGNORED))));
    for (int i = 0; i < pending.size(); i++) { // grows during the loop
      addBranches(i, pending.get(i));
    }
    symbols = places.stream().mapToInt(Integer::intValue).toArray();
    ownerOf = owners.stream().mapToInt(Integer::intValue).toArray();
    nullable = nullable();
  }

  private int rule(Node part) {
    size.take();
    pending.add(part);
    begins.add(new ArrayList<>());
    return pending.size() - 1;
  }

  private void addBranches(int rule, Node part) {
    if (part instanceof Node.Choice choice) {
      choice.branches().forEach(branch -> addProduction(rule, branch));
    } else {
      addProduction(rule, part);
    }
  }

  private void addProduction(int rule, Node part) {
    begins.get(rule).add(places.size());
    addPart(rule, part);
    addSymbol(rule, END);
  }

  private void addSymbol(int rule, int symbol) {
    size.take();
    places.add(symbol);
    owners.add(rule);
  }

  private void addPart(int rule, Node part) {
    if (part instanceof Node.Sequence sequence) {
      sequence.parts().forEach(each -> addPart(rule, each));
    } else if (part instanceof Node.OneOf one) {
      sets.add(one.set());
      addSymbol(rule, -sets.size());
    } else if (part instanceof Node.Rule named) {
      addReference(rule, named.name());
    } else if (part instanceof Node.Choice) {
      addSymbol(rule, rule(part));
    } else if (part instanceof Node.Repetition repetition) {
      addRepetition(rule, repetition);
    } else {
      throw new LarkGrammar.UnsupportedException("a lookaround or an anchor");
    }
  }

  private void addReference(int rule, String name) {
    if (name.equals(LarkReader.IGNORED)) {
      if (!ignored.isEmpty()) {
        Integer any = rules.get(name);
        if (any == null) {
          any = anyNumber(rule(new Node.Choice(ignored)));
          rules.put(name, any);
        }
        addSymbol(rule, any);
      }
      return;
    }
    Integer known = rules.get(name);
    if (known == null) {
      Node definition = definitions.get(name);
      if (definition == null) {
        throw new IllegalArgumentException("'%s' is not defined".formatted(name));
      }
      known = rule(definition);
      rules.put(name, known);
    }
    addSymbol(rule, known);
  }

  private void addRepetition(int rule, Node.Repetition repetition) {
    int part = rule(repetition.part());
    for (int i = 0; i < repetition.min(); i++) {
      addSymbol(rule, part);
    }
    if (repetition.max() < 0) {
      addSymbol(rule, anyNumber(part));
    } else if (repetition.max() > repetition.min()) {
      int optional = rule(new Node.Choice(List.of(NOTHING, reference(part))));
      for (int i = repetition.min(); i < repetition.max(); i++) {
        addSymbol(rule, optional);
      }
    }
  }

  /** Returns a rule that matches another rule any number of times. */
  private int anyNumber(int part) {
    int rule = rule(NOTHING);
    Node more = new Node.Sequence(List.of(reference(rule), reference(part)));
    pending.set(rule, new Node.Choice(List.of(NOTHING, more)));
    return rule;
  }

  /** Returns a reference to a rule, under a name that no grammar can define. */
  private Node reference(int rule) {
    String name = "%" + rule;
    rules.put(name, rule);
    return new Node.Rule(name);
  }

  private boolean[] nullable() {
    boolean[] empty = new boolean[begins.size()];
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int rule = 0; rule < empty.length; rule++) {
        if (!empty[rule] && begins.get(rule).stream().anyMatch(at -> isEmpty(at, empty))) {
          empty[rule] = true;
          changed = true;
        }
      }
    }
    return empty;
  }

  private boolean isEmpty(int begin, boolean[] empty) {
    int at = begin;
    while (symbols[at] >= 0 && empty[symbols[at]]) {
      at++;
    }
    return symbols[at] == END;
  }

  int start() {
    return start;
  }

  int symbol(int place) {
    return symbols[place];
  }

  /** Returns the rule to whose right side a place belongs. */
  int owner(int place) {
    return ownerOf[place];
  }

  List<Integer> begins(int rule) {
    return begins.get(rule);
  }

  boolean isNullable(int rule) {
    return nullable[rule];
  }

  boolean matches(int symbol, int character) {
    return sets.get(-1 - symbol).test(character);
  }
}
