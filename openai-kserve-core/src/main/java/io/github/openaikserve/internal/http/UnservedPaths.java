package io.github.openaikserve.internal.http;

import java.util.Map;
import java.util.Optional;

/**
 * Advice for known paths that this service does not serve. Several SDKs show every 404 as "model
 * not found", so only the message can explain the problem to the user.
 *
 * <p><b>Source:</b> OpenAI's and Anthropic's API references; Azure OpenAI's REST reference for the
 * {@code /openai} paths; the Ollama API for {@code /api}.
 */
final class UnservedPaths {
  private static final String V1 = "/v1";
  private static final String WHOLE_CONVERSATION =
      " Send the whole conversation with each request to /v1/chat/completions.";

  /** The advice by the first path segment after {@code /v1/}. */
  private static final Map<String, String> ADVICE =
      Map.ofEntries(
          Map.entry("images", "Images are not served. Text is at /v1/chat/completions."),
          Map.entry("videos", "Videos are not served. Text is at /v1/chat/completions."),
          Map.entry(
              "audio", "Use /v1/audio/transcriptions, /v1/audio/translations or /v1/audio/speech."),
          Map.entry(
              "realtime",
              "Realtime sessions are not served. Stream from /v1/chat/completions with"
                  + " \"stream\": true."),
          Map.entry(
              "files",
              "Files are not stored. Send their text in a message to /v1/chat/completions."),
          Map.entry(
              "uploads",
              "Files are not stored. Send their text in a message to /v1/chat/completions."),
          Map.entry(
              "batches",
              "Batches are not served. Send each request to its own path, such as"
                  + " /v1/chat/completions."),
          Map.entry(
              "fine_tuning",
              "Fine-tuning is not served. Load a trained model into the model server."),
          Map.entry(
              "fine-tunes",
              "Fine-tuning is not served. Load a trained model into the model server."),
          Map.entry("assistants", "Assistants are not stored." + WHOLE_CONVERSATION),
          Map.entry("threads", "Threads are not stored." + WHOLE_CONVERSATION),
          Map.entry("conversations", "Conversations are not stored." + WHOLE_CONVERSATION),
          Map.entry(
              "vector_stores",
              "Vector stores are not served. Compute vectors with /v1/embeddings and store them in"
                  + " a vector database."),
          Map.entry("containers", "Containers are not served. Run tools in the client."),
          Map.entry("evals", "Evaluations are not served. Run them in the client."),
          Map.entry("messages", "Batches are not served. Send each request to /v1/messages."),
          Map.entry("complete", "Text completions are not served. Use /v1/messages."),
          Map.entry("edits", "Edits are not served. Use /v1/chat/completions."),
          Map.entry("engines", "Engines are not served. Use /v1/completions with \"model\"."));

  private static final String AZURE =
      "Azure's URLs are not served. Use an OpenAI client with a base URL that ends with /v1, and"
          + " send the deployment's name as \"model\".";

  private UnservedPaths() {}

  /** Returns the advice for a path; empty for none. */
  static Optional<String> advice(String path) {
    if (path.startsWith(V1 + "/")) {
      String rest = path.substring(V1.length());
      return rest.startsWith(V1 + "/") || rest.equals(V1)
          ? Optional.of("The base URL contains /v1 twice.")
          : Optional.ofNullable(ADVICE.get(segment(rest)));
    }
    if (path.equals("/openai") || path.startsWith("/openai/")) {
      return Optional.of(AZURE);
    }
    if (path.startsWith("/api/")) {
      return Optional.of("Ollama's API is not served. Use /v1/chat/completions.");
    }
    return Optional.empty();
  }

  /** Returns the first segment of a path. */
  private static String segment(String path) {
    int end = path.indexOf('/', 1);
    return end < 0 ? path.substring(1) : path.substring(1, end);
  }
}
