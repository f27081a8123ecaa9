package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Section;
import io.github.openaikserve.server.options.Setting;
import io.github.openaikserve.server.options.Tree;
import io.github.openaikserve.server.options.Value;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The flags that choose what is served: a configuration file, or one model server. The values of
 * the flags become values of the configuration, which checks them. Immutable.
 */
record OneServer(
    @Setting(
            value = "Configuration file (YAML), with any number of models and servers.",
            flag = "--config")
        Optional<Path> config,
    @Setting(
            value =
                "Address of the model server: HOST:PORT, several separated by commas, or"
                    + " dns:///NAME:PORT for all addresses of a name.",
            unset = "an embedded worker",
            flag = "--endpoint",
            label = "TARGET")
        Optional<Value> endpoint,
    @Setting(
            value = "Separate address for streams.",
            unset = "the endpoint's",
            flag = "--stream-endpoint",
            label = "TARGET")
        Optional<Value> streamEndpoint,
    @Setting(
            value = "Dialect of the model's tensors, such as triton-vllm or anyserve.",
            unset = "auto, detected from the server",
            flag = "--dialect",
            label = "NAME")
        Optional<Value> dialect,
    @Setting(
            value = "Name of the model at the server.",
            unset = "serve all of its models",
            flag = "--model",
            label = "NAME")
        Optional<Value> model,
    @Setting(
            value =
                "Address of AnyServe's dispatcher, or anyserve://HOST:PORT?type=generate&model=NAME"
                    + " for the replicas in its registry. Limits concurrent calls to 10.",
            flag = "--anyserve-endpoint",
            label = "HOST:PORT")
        Optional<Value> anyserveEndpoint,
    @Setting(
            value = "Address of AnyServe's worker for streams.",
            unset = "the dispatcher's, or its port plus 100",
            flag = "--anyserve-stream-endpoint",
            label = "HOST:PORT")
        Optional<Value> anyserveStreamEndpoint,
    @Setting(
            value = "GGUF file of the embedded worker's model.",
            unset = "its built-in small model",
            flag = "--gguf",
            label = "FILE")
        Optional<Value> gguf,
    @Setting(
            value = "Name of the model for clients.",
            unset = "that of --model, else llamacpp",
            flag = "--model-name",
            label = "NAME")
        Optional<Value> modelName,
    @Setting(
            value =
                "Chat template: a name such as chatml or llama3, or a .jinja, tokenizer_config.json"
                    + " or .gguf file.",
            unset = "the embedded model's own; plain for a server",
            flag = "--chat-template",
            label = "NAME|FILE")
        Optional<Value> chatTemplate,
    @Setting(
            value = "Reject a response_format that the model server cannot enforce.",
            flag = "--no-emulate-response-format")
        Optional<Value> emulateResponseFormat,
    @Setting(
            value =
                "Context size of the embedded worker: maximum number of tokens of prompt and answer"
                    + " together.",
            unset = "the model's training context, limited to 4 GiB",
            flag = "--context",
            label = "TOKENS")
        Optional<Value> context,
    @Setting(
            value = "Time limit of one call to the model server.",
            unset = "10m",
            flag = "--timeout",
            label = "DURATION")
        Optional<Value> timeout) {
  static final Section<OneServer> OPTIONS = Section.of(OneServer.class);

  private static final int ANYSERVE_STREAM_PORT_OFFSET = 100;
  private static final String NAME = "backend";

  OneServer {
    if (config.isPresent()) {
      exclude(
          "--config",
          Stream.of(
              endpoint,
              anyserveEndpoint,
              streamEndpoint,
              dialect,
              model,
              anyserveStreamEndpoint,
              gguf,
              context,
              modelName,
              chatTemplate,
              timeout,
              emulateResponseFormat));
    } else if (anyserveEndpoint.isPresent()) {
      exclude("--anyserve-endpoint", Stream.of(endpoint, dialect, streamEndpoint, gguf, context));
    } else if (endpoint.isPresent()) {
      exclude("--endpoint", Stream.of(gguf, context, anyserveStreamEndpoint));
    } else {
      anyserveStreamEndpoint.ifPresent(
          value -> {
            throw value.wrong("requires --anyserve-endpoint");
          });
      exclude("the embedded worker", Stream.of(dialect, streamEndpoint, model));
    }
  }

  private static void exclude(String what, Stream<Optional<Value>> flags) {
    flags
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            value -> {
              throw value.wrong("cannot be combined with " + what);
            });
  }

  Value tree() {
    boolean detected = anyserveEndpoint.isEmpty() && dialect.isEmpty() && endpoint.isPresent();
    boolean all = detected && model.isEmpty() && modelName.isEmpty();
    Tree served =
        new Tree()
            .put("backend", NAME)
            .put("chat_template", chatTemplate)
            .put("emulate_response_format", emulateResponseFormat)
            .put("timeout", timeout);
    if (!all) {
      served.put("id", "llamacpp").put("id", model).put("id", modelName);
      served.put("model_name", model).put("dialect", dialect);
    }
    if (anyserveEndpoint.isPresent()) {
      served.put("dialect", "anyserve");
    }
    return new Tree()
        .putList("backends", backend().put("name", NAME))
        .putList(all ? "discover" : "models", served)
        .value();
  }

  private Tree backend() {
    if (anyserveEndpoint.isPresent()) {
      return anyServe(anyserveEndpoint.get());
    }
    if (endpoint.isEmpty()) {
      return new Tree().put("embedded", "true").put("gguf", gguf).put("context", context);
    }
    return new Tree().put("target", endpoint).put("stream_target", streamEndpoint);
  }

  /**
   * Limits calls to ten, because AnyServe's worker runs ten at a time and fails or delays others.
   */
  private Tree anyServe(Value target) {
    Tree backend =
        new Tree()
            .put("target", Optional.of(target))
            .put("limit", new Tree().put("max", "10").put("queue", "1024"));
    if (anyserveStreamEndpoint.isPresent()) {
      if (target.text().startsWith("anyserve:")) {
        throw anyserveStreamEndpoint
            .get()
            .wrong("cannot be combined with an anyserve:// registry as --anyserve-endpoint");
      }
      return backend.put("stream_target", anyserveStreamEndpoint);
    }
    boolean hasStreamPort =
        !target.text().startsWith("anyserve:")
            && TargetType.highestPort(new TargetType().read(target)) + ANYSERVE_STREAM_PORT_OFFSET
                <= ListenConfig.MAX_PORT;
    return hasStreamPort
        ? backend.put("stream_port_offset", String.valueOf(ANYSERVE_STREAM_PORT_OFFSET))
        : backend;
  }
}
