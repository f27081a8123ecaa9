package io.github.openaikserve.internal.regex;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A pattern compiled to the instructions of an automaton. Immutable after compilation.
 *
 * <p>At each character the automaton is in a set of states, at most one for each instruction.
 */
final class Program {
  /** The kinds of instructions. */
  private enum Kind {
    CHARACTER,
    SPLIT,
    PLACE,
    LOOKAHEAD,
    MATCH
  }

  /** An instruction; {@code next} and {@code other} are numbers of instructions. */
  private static final class Instruction {
    final Kind kind;
    @Nullable IntPredicate set;
    Node.@Nullable Anchor anchor;
    @Nullable Program ahead;
    boolean negative;
    int next;
    int other = -1;

    Instruction(Kind kind) {
      this.kind = kind;
    }
  }

  private final List<Instruction> instructions = new ArrayList<>();
  private final int start;

  private final Steps size;

  /**
   * Compiles a pattern.
   *
   * @param size the remaining number of parts and instructions
   * @throws Steps.ExhaustedException if the pattern has more
   */
  Program(Node pattern, Steps size) {
    this.size = size;
    this.start = compile(pattern, add(Kind.MATCH, 0));
  }

  private int add(Kind kind, int next) {
    size.take();
    var instruction = new Instruction(kind);
    instruction.next = next;
    instructions.add(instruction);
    return instructions.size() - 1;
  }

  /** Compiles a part that continues with {@code next}. Returns its first instruction. */
  private int compile(Node part, int next) {
    size.take(); // a part may have no instruction
    if (part instanceof Node.OneOf one) {
      int at = add(Kind.CHARACTER, next);
      instructions.get(at).set = one.set();
      return at;
    }
    if (part instanceof Node.Place place) {
      int at = add(Kind.PLACE, next);
      instructions.get(at).anchor = place.anchor();
      return at;
    }
    if (part instanceof Node.Lookahead ahead) {
      int at = add(Kind.LOOKAHEAD, next);
      instructions.get(at).ahead = new Program(ahead.part(), size);
      instructions.get(at).negative = ahead.negative();
      return at;
    }
    if (part instanceof Node.Sequence sequence) {
      int first = next;
      for (int i = sequence.parts().size() - 1; i >= 0; i--) {
        first = compile(sequence.parts().get(i), first);
      }
      return first;
    }
    if (part instanceof Node.Choice choice) {
      return choice(choice.branches(), next);
    }
    if (part instanceof Node.Repetition repetition) {
      return repetition(repetition, next);
    }
    throw new IllegalStateException("no part of a regular expression: " + part);
  }

  private int choice(List<Node> branches, int next) {
    int first = compile(branches.get(branches.size() - 1), next);
    for (int i = branches.size() - 2; i >= 0; i--) {
      first = split(compile(branches.get(i), next), first);
    }
    return first;
  }

  private int split(int next, int other) {
    int at = add(Kind.SPLIT, next);
    instructions.get(at).other = other;
    return at;
  }

  private int repetition(Node.Repetition repetition, int next) {
    int first = next;
    if (repetition.max() < 0) {
      int loop = split(next, next);
      instructions.get(loop).next = compile(repetition.part(), loop);
      first = loop;
    } else {
      for (int i = repetition.min(); i < repetition.max(); i++) {
        first = split(compile(repetition.part(), first), next);
      }
    }
    for (int i = 0; i < repetition.min(); i++) {
      first = compile(repetition.part(), first);
    }
    return first;
  }

  /**
   * Returns whether a text has a match.
   *
   * @param from the position at which a match begins
   * @param anywhere whether a match may also begin later
   */
  boolean matches(String text, int from, boolean anywhere, Steps steps) {
    steps.take(instructions.size());
    var now = new States(instructions.size());
    var then = new States(instructions.size());
    int at = from;
    boolean enter = true;
    while (true) {
      if (enter && enter(now, start, text, at, steps)) {
        return true;
      }
      if (at >= text.length() || (now.count == 0 && !anywhere)) {
        return false;
      }
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      then.clear();
      for (int i = 0; i < now.count; i++) {
        Instruction instruction = instructions.get(now.states[i]);
        steps.take();
        if (instruction.set != null
            && instruction.set.test(c)
            && enter(then, instruction.next, text, at, steps)) {
          return true;
        }
      }
      States last = now;
      now = then;
      then = last;
      enter = anywhere;
    }
  }

  /**
   * Enters a state and all states reachable from it without consuming a character. Returns whether
   * a match was reached.
   */
  private boolean enter(States states, int first, String text, int at, Steps steps) {
    int open = states.push(0, first);
    while (open > 0) {
      int state = states.open[--open];
      if (!states.mark(state)) {
        continue;
      }
      steps.take();
      Instruction instruction = instructions.get(state);
      switch (instruction.kind) {
        case MATCH -> {
          return true;
        }
        case CHARACTER -> states.states[states.count++] = state;
        case SPLIT -> {
          open = states.push(open, instruction.next);
          open = states.push(open, instruction.other);
        }
        default -> {
          if (holds(instruction, text, at, steps)) {
            open = states.push(open, instruction.next);
          }
        }
      }
    }
    return false;
  }

  private static boolean holds(Instruction instruction, String text, int at, Steps steps) {
    if (instruction.ahead != null) {
      return instruction.ahead.matches(text, at, false, steps) != instruction.negative;
    }
    if (instruction.anchor == Node.Anchor.BEGIN) {
      return at == 0;
    }
    if (instruction.anchor == Node.Anchor.END) {
      return at == text.length();
    }
    boolean before = at > 0 && CharacterSets.isWord(text.charAt(at - 1));
    boolean after = at < text.length() && CharacterSets.isWord(text.charAt(at));
    return (before != after) == (instruction.anchor == Node.Anchor.WORD_BOUNDARY);
  }

  /** A set of states. */
  private static final class States {
    final int[] states;
    final int[] open;
    private final int[] marks;
    private int generation = 1;
    int count;

    States(int size) {
      states = new int[size];
      open = new int[2 * size + 2];
      marks = new int[size];
    }

    void clear() {
      count = 0;
      generation++;
    }

    /** Marks a state. Returns whether it was not marked before. */
    boolean mark(int state) {
      boolean first = marks[state] != generation;
      marks[state] = generation;
      return first;
    }

    int push(int size, int state) {
      open[size] = state;
      return size + 1;
    }
  }
}
