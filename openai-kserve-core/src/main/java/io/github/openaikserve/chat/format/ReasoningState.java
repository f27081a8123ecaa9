package io.github.openaikserve.chat.format;

import org.jspecify.annotations.Nullable;

/**
 * The place of the text in an answer: before, in or after the reasoning, or in a wrapped answer. It
 * decides whether a marker of reasoning or of content has its meaning there or is text. Not
 * thread-safe.
 */
final class ReasoningState {
  private final @Nullable ReasoningFormat format;
  private final TextOutput output;
  private boolean open;
  private boolean begun;
  private boolean calledWhileOpen;

  ReasoningState(@Nullable ReasoningFormat format, TextOutput output) {
    this.format = format;
    this.output = output;
  }

  /** Starts an answer to this prompt. Returns whether the prompt opens reasoning or content. */
  boolean beginAfter(String prompt) {
    if (format != null && format.isOpenAfter(prompt)) {
      enter();
      return true;
    }
    return format != null && format.isContentAfter(prompt) && output.wrap();
  }

  /** Returns whether the text is reasoning. */
  boolean isOpen() {
    return open;
  }

  /** Returns whether the answer has or had reasoning. */
  boolean hasBegun() {
    return begun;
  }

  /** Returns whether reasoning is separated from the content. */
  boolean isSeparated() {
    return format != null;
  }

  /** Handles a marker that begins reasoning. Returns false if it is text. */
  boolean begin() {
    if (open) {
      return output.isAtStart(); // the model repeats the end of the prompt
    }
    boolean begins = output.isAtStart() || output.isAtLine() || (begun && !output.isQuoting());
    if (begins) {
      enter();
    }
    return begins;
  }

  /** Starts reasoning. */
  void enter() {
    output.enter(true);
    open = true;
    begun = true;
    calledWhileOpen = false;
  }

  /** Handles a marker that ends reasoning. Returns false if it is text. */
  boolean end() {
    // In content: at the start of an answer, or after a tool call that began within reasoning.
    boolean ends = open || output.isAtStart();
    boolean late = calledWhileOpen && !ends && !output.isQuoting();
    if (ends || late) {
      calledWhileOpen = false;
      begun = true;
    }
    if (ends && format != null) {
      enterContent();
      if (format.contentBegins().isEmpty()) {
        output.wrap();
      }
    }
    return ends || late;
  }

  /** Starts content. */
  void enterContent() {
    open = false;
    output.enter(false);
  }

  /** Handles a marker that begins content. Returns false if it is text. */
  boolean beginContent() {
    boolean again = format != null && format.special() && output.isWrapEnded();
    return !open && (output.isAtStart() || again) && output.wrap();
  }

  /** Handles a marker that ends content. Returns false if it is text. */
  boolean endContent(String marker) {
    return !open
        && format != null
        && format.contentEnds().contains(marker)
        && output.wrapEnd(marker);
  }

  /** Ends open reasoning after a tool call. Its end marker may still follow. */
  void endAtCall() {
    calledWhileOpen |= open;
    open = false;
  }

  /** Ends open reasoning without starting content. */
  void leave() {
    open = false;
  }
}
