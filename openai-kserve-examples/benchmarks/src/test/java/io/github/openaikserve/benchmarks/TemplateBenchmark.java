package io.github.openaikserve.benchmarks;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.Conversation;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The rendering of a conversation of eight messages as a prompt. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TemplateBenchmark {
  private static final String JINJA =
      "{% for message in messages %}<|{{ message.role }}|>\n{{ message.content | trim }}<|end|>\n"
          + "{% endfor %}{% if add_generation_prompt %}<|assistant|>\n{% endif %}";

  private final Conversation conversation = conversation();
  private final ChatTemplate own = ChatTemplates.fromJinja(JINJA);

  private static Conversation conversation() {
    var request = CreateChatCompletionRequest.builder().system("Answer briefly.");
    for (int i = 0; i < 7; i++) {
      String text = "This is the message number " + i + ", and it says \"nothing\" of interest.";
      if (i % 2 == 0) {
        request.user(text);
      } else {
        request.assistant(text);
      }
    }
    return new Conversation(request.build().messages());
  }

  /** ChatML, a built-in Jinja template. */
  @Benchmark
  public ChatPrompt chatMl() {
    return ChatTemplates.CHATML.render(conversation);
  }

  /** Llama 3's, a built-in Jinja template. */
  @Benchmark
  public ChatPrompt llama3() {
    return ChatTemplates.LLAMA3.render(conversation);
  }

  /** A short custom Jinja template. */
  @Benchmark
  public ChatPrompt jinja() {
    return own.render(conversation);
  }
}
