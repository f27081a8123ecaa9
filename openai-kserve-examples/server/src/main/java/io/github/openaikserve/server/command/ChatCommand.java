package io.github.openaikserve.server.command;

import io.github.openaikserve.ChunkStream;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.options.Inputs;
import io.github.openaikserve.server.service.Resources;
import io.github.openaikserve.server.service.ServerFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The command {@code chat}: sends prompts to a model and prints the answers as they stream. */
final class ChatCommand {
  private static final String MODEL = "--model";

  static final PositionalParamSpec PROMPT =
      PositionalParamSpec.builder()
          .index("0..*")
          .arity("0..*")
          .type(String[].class)
          .auxiliaryTypes(String.class)
          .paramLabel("PROMPT")
          .description(
              "The prompt, whose words are joined by spaces (default: each line of the standard"
                  + " input is a message of one conversation).")
          .build();

  private ChatCommand() {}

  static int run(CommandLine command, Inputs inputs) throws IOException {
    // With a configuration file, --model chooses one of its models.
    boolean ofFile =
        inputs.flags().containsKey("--config")
            || inputs.environment().containsKey("OPENAI_KSERVE_CONFIG");
    Optional<String> chosen =
        Optional.ofNullable(inputs.flags().get(MODEL)).filter(given -> ofFile).map(m -> m.get(0));
    ServerConfig config =
        Configuration.read(chosen.isPresent() ? without(inputs, MODEL) : inputs).values();
    try (var resources = new Resources()) {
      OpenAiKServe openai = ServerFactory.open(config, resources);
      String model = chosen.orElseGet(() -> defaultModel(config, openai));
      String prompt = prompt(command.getParseResult());
      if (prompt.isEmpty()) {
        converse(openai, model, command.getOut());
      } else {
        answer(openai, request(model).user(prompt), command.getOut());
      }
    }
    return 0;
  }

  /** Returns the words of the prompt, which a shell separates unless they are quoted. */
  static String prompt(ParseResult parsed) {
    return String.join(" ", parsed.matchedPositionalValue(0, new String[0]));
  }

  private static Inputs without(Inputs inputs, String flag) {
    Map<String, List<String>> flags = new LinkedHashMap<>(inputs.flags());
    flags.remove(flag);
    return new Inputs(flags, inputs.environment());
  }

  /** Returns null for the default model of the configuration. */
  private static @Nullable String defaultModel(ServerConfig config, OpenAiKServe openai) {
    if (!config.models().isEmpty()) {
      return null;
    }
    List<String> ids = openai.models().list().data().stream().map(Model::id).toList();
    if (ids.size() != 1) {
      throw new IllegalStateException(
          ids.isEmpty()
              ? "the model servers list no model that can be served; run the command 'check' for"
                  + " the reasons"
              : "several models are served; choose one with --model: " + String.join(", ", ids));
    }
    return ids.get(0);
  }

  private static CreateChatCompletionRequest.Builder request(@Nullable String model) {
    var request = CreateChatCompletionRequest.builder();
    return model == null ? request : request.model(model);
  }

  private static void converse(OpenAiKServe openai, @Nullable String model, PrintWriter out)
      throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    CreateChatCompletionRequest.Builder conversation = request(model);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (!line.isBlank()) {
        conversation.user(line);
        conversation.assistant(answer(openai, conversation, out));
      }
    }
  }

  /** Prints an answer as it streams, and returns it. */
  private static String answer(
      OpenAiKServe openai, CreateChatCompletionRequest.Builder request, PrintWriter out) {
    var answer = new StringBuilder();
    try (ChunkStream<ChatCompletionChunk> chunks =
        openai.chatCompletions().stream(request.build())) {
      for (ChatCompletionChunk chunk : chunks) {
        answer.append(chunk.text());
        out.print(chunk.text());
        out.flush();
      }
    } finally {
      out.println();
      out.flush();
    }
    return answer.toString();
  }
}
