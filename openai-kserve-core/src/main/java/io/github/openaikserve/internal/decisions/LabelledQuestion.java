package io.github.openaikserve.internal.decisions;

import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob.TopLogprob;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import io.github.openaikserve.openai.decisions.DecisionAnswer;
import io.github.openaikserve.openai.decisions.DecisionAnswer.LevelProbability;
import io.github.openaikserve.openai.decisions.DecisionAnswer.OptionProbability;
import io.github.openaikserve.openai.decisions.DecisionQuestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A question whose options are labelled with letters, so that one token answers it. Immutable.
 *
 * @param options the options as shown to the model; at most one for each letter of the alphabet
 */
record LabelledQuestion(DecisionQuestion question, List<String> options) {
  private static final String INSTRUCTION =
      "Answer with the letter of one option, and nothing else.";

  static LabelledQuestion of(DecisionQuestion question) {
    if (question instanceof DecisionQuestion.Choice choice) {
      return new LabelledQuestion(
          question,
          choice.choices().stream()
              .map(option -> option(String.valueOf(option.value()), option.description()))
              .toList());
    }
    if (question instanceof DecisionQuestion.Score score) {
      return new LabelledQuestion(
          question,
          score.levels().stream()
              .map(level -> option(level.label(), level.description()))
              .toList());
    }
    return new LabelledQuestion(question, List.of("true", "false"));
  }

  private static String option(String name, @Nullable String description) {
    return description == null || description.isEmpty() ? name : name + " (" + description + ")";
  }

  private static String label(int option) {
    return String.valueOf((char) ('A' + option));
  }

  /**
   * Returns the conversation with this question at its end. The question is appended to the last
   * message if that is a user message; otherwise it is a new message.
   */
  List<ChatCompletionRequestMessage> asked(List<ChatCompletionRequestMessage> input) {
    List<ChatCompletionRequestMessage> messages = new ArrayList<>(input);
    // Many templates reject two user messages in succession.
    if (messages.get(messages.size() - 1) instanceof UserMessage last) {
      messages.set(
          messages.size() - 1, new UserMessage(content(last.content()), last.name(), last.extra()));
    } else {
      messages.add(new UserMessage(content(null), null, Map.of()));
    }
    return messages;
  }

  private MessageContent content(@Nullable MessageContent before) {
    List<ContentPart> parts = new ArrayList<>();
    if (before != null) {
      add(parts, before);
      parts.add(new ContentPart.Text("\n\n"));
    }
    add(parts, question.instructions());
    parts.add(new ContentPart.Text(choices()));
    return parts.stream().allMatch(ContentPart.Text.class::isInstance)
        ? MessageContent.of(new MessageContent.Parts(parts).text())
        : new MessageContent.Parts(joined(parts));
  }

  private static void add(List<ContentPart> parts, MessageContent content) {
    if (content instanceof MessageContent.Parts several) {
      parts.addAll(several.parts());
    } else {
      parts.add(new ContentPart.Text(content.text()));
    }
  }

  /** Joins adjacent texts into one part. */
  private static List<ContentPart> joined(List<ContentPart> parts) {
    List<ContentPart> joined = new ArrayList<>();
    for (ContentPart part : parts) {
      int last = joined.size() - 1;
      if (part instanceof ContentPart.Text next
          && last >= 0
          && joined.get(last) instanceof ContentPart.Text before) {
        joined.set(last, new ContentPart.Text(before.text() + next.text()));
      } else {
        joined.add(part);
      }
    }
    return joined;
  }

  private String choices() {
    var text = new StringBuilder("\n");
    for (int i = 0; i < options.size(); i++) {
      text.append('\n').append(label(i)).append(": ").append(options.get(i));
    }
    return text.append("\n\n").append(INSTRUCTION).toString();
  }

  /** Returns the answer, computed from the log probabilities of the first token. */
  DecisionAnswer answer(ChatCompletionTokenLogprob token) {
    double[] mass = mass(token);
    double sum = IntStream.range(0, mass.length).mapToDouble(i -> mass[i]).sum();
    if (!(sum > 0)) {
      return new DecisionAnswer.Refusal(question.name());
    }
    int best = 0;
    for (int i = 1; i < mass.length; i++) {
      best = mass[i] > mass[best] ? i : best;
    }
    double confidence = Math.min(1, mass[best]);
    if (question instanceof DecisionQuestion.Choice choice) {
      return new DecisionAnswer.Choice(
          question.name(),
          choice.choices().get(best).value(),
          IntStream.range(0, mass.length)
              .mapToObj(i -> new OptionProbability(choice.choices().get(i).value(), mass[i] / sum))
              .toList(),
          confidence);
    }
    if (question instanceof DecisionQuestion.Score score) {
      return new DecisionAnswer.Score(
          question.name(),
          IntStream.range(0, mass.length).mapToDouble(i -> i * (mass[i] / sum)).sum(),
          IntStream.range(0, mass.length)
              .mapToObj(i -> new LevelProbability(i, score.levels().get(i).label(), mass[i] / sum))
              .toList(),
          confidence);
    }
    return new DecisionAnswer.Predicate(question.name(), mass[0] / sum);
  }

  /**
   * Returns the probability of each option: the sum over its letter with and without white space.
   */
  private double[] mass(ChatCompletionTokenLogprob token) {
    Map<String, Double> tokens = new LinkedHashMap<>();
    tokens.put(token.token(), token.logprob()); // usually also in topLogprobs
    for (TopLogprob likely : token.topLogprobs()) {
      tokens.put(likely.token(), likely.logprob());
    }
    double[] mass = new double[options.size()];
    tokens.forEach(
        (text, logprob) -> {
          String letter = text.strip();
          int option = letter.length() == 1 ? letter.charAt(0) - 'A' : -1;
          if (option >= 0 && option < mass.length) {
            mass[option] += Math.exp(Math.min(0, logprob));
          }
        });
    return mass;
  }
}
