package io.github.openaikserve.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The wordings of each server across its releases, and words that only look like them. */
final class ServerWordingsTest {
  private static Arguments tooLong(String words, String size, String limit) {
    return Arguments.of(words, size.isEmpty() ? "more" : size + " tokens", limit);
  }

  static Stream<Arguments> promptsThatAreTooLong() {
    return Stream.concat(ofVllm(), ofOthers());
  }

  /** Source: vllm/v1/engine/input_processor.py, vllm/renderers/params.py, rust/src/chat. */
  private static Stream<Arguments> ofVllm() {
    return Stream.of(
        tooLong(
            "Error generating stream: The encoder prompt (length 1501) is longer than the maximum"
                + " model length of 1500. Make sure",
            "1501",
            "1500"),
        tooLong(
            "The decoder prompt (length 8192) plus the number of requested output tokens (at least 1)"
                + " is longer than the maximum model length of 8192. Make sure that `max_model_len` is"
                + " no smaller than the number of text tokens (prompt + requested output tokens).",
            "8192",
            "8192"),
        tooLong(
            "The prompt (length 9000) is longer than the maximum model length of 8192.",
            "9000",
            "8192"),
        tooLong(
            "Prompt length of 4699 is longer than the maximum model length of 4096",
            "4699",
            "4096"),
        tooLong(
            "The prompt (total length 700) is too long to fit into the model (context length 512)."
                + " Make sure that `max_model_len` is no smaller",
            "700",
            "512"),
        tooLong(
            "Input prompt (5000 tokens) is too long and exceeds the limit of 4096", "5000", "4096"),
        tooLong(
            "VLLMValidationError: This model's maximum context length is 32768 tokens. However, you"
                + " requested 32512 output tokens and your prompt contains at least 257 input tokens,"
                + " for a total of at least 32769 tokens. (parameter=input_tokens, value=257)",
            "32769",
            "32768"),
        tooLong(
            "This model's maximum context length is 202752 tokens. However, you requested 64000"
                + " output tokens and your prompt contains 139000 input tokens, for a total of 203000"
                + " tokens.",
            "203000",
            "202752"),
        tooLong(
            "This model's maximum context length is 32768 tokens. However, you requested 32768 output"
                + " tokens and your prompt contains 31800 characters (more than 0 characters, which is"
                + " the upper bound for 0 input tokens).",
            "",
            "32768"),
        tooLong(
            "'max_tokens' or 'max_completion_tokens' is too large: 5000. This model's maximum context"
                + " length is 4096 tokens and your request has 100 input tokens (5000 > 4096 - 100).",
            "",
            "4096"),
        tooLong(
            "this model's maximum context length is 4096 tokens, but the prompt contains 4100 input"
                + " tokens",
            "4100",
            "4096"));
  }

  private static Stream<Arguments> ofOthers() {
    return Stream.of(
        // TensorRT-LLM's batch manager in Triton; tensorrtllm_backend, issues 141 and 565
        tooLong(
            "in ensemble 'ensemble', Executor failed process requestId 1 due to the following error:"
                + " Encountered an error when fetching new request: Prompt length (200) exceeds maximum"
                + " input length (1). Set log level to info and check",
            "200",
            "1"),
        tooLong(
            "Cannot process new request: Prompt length (5056) exceeds maximum sequence length (2048)",
            "5056",
            "2048"),
        tooLong(
            "Error generating request: The sum of prompt length (4000), query length (0) should not"
                + " exceed max_num_tokens (8192)",
            "",
            "8192"),
        tooLong(
            "`default_max_tokens` (-5) should be greater than 0, `default_max_tokens` (-5) ="
                + " max_seq_len (4096) - `splited_prompt_len` (4101) - `query_token_len` (0)",
            "4101",
            "4096"),
        // transformers: tokenization_utils_base.py, generation/utils.py
        tooLong(
            "Token indices sequence length is longer than the specified maximum sequence length for"
                + " this model (1203 > 1024). Running this sequence through the model will result in"
                + " indexing errors",
            "1203",
            "1024"),
        tooLong(
            "ValueError: Input length of input_ids is 1024, but `max_length` is set to 1024. This can"
                + " lead to unexpected behavior.",
            "1024",
            "1024"),
        tooLong(
            "Input length of decoder_input_ids is 35, but 'max_length' is set to 20. This can lead",
            "35",
            "20"),
        // TensorFlow's embedding of positions
        tooLong(
            "{{function_node __wrapped__ResourceGather_device_/job:localhost}} indices[0,1024] = 1024"
                + " is not in [0, 1024)",
            "1024",
            "1024"),
        // llama.cpp: tools/server
        tooLong(
            "input (2055 tokens) is too large to process. increase the physical batch size (current"
                + " batch size: 2048)",
            "2055",
            "2048"),
        // SGLang: managers/tokenizer_manager.py
        tooLong(
            "The input (516368 tokens) is longer than the model's context length (262144 tokens).",
            "516368",
            "262144"),
        tooLong(
            "Input length (5000 tokens) exceeds the maximum allowed length (4091 tokens). Use a"
                + " shorter input or enable --allow-auto-truncate.",
            "5000",
            "4091"),
        tooLong(
            "Requested token count exceeds the model's maximum context length of 4096 tokens. You"
                + " requested a total of 6000 tokens: 2000 tokens from the input messages and 4000",
            "6000",
            "4096"),
        // Text Generation Inference: router/src/validation.rs
        tooLong(
            "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens and 20"
                + " `max_new_tokens`",
            "5000",
            "4096"),
        tooLong("`inputs` must have less than 1024 tokens. Given: 2000", "2000", "1024"),
        // OpenVINO Model Server
        tooLong("Number of prompt tokens: 5000 exceeds model max length: 4096", "5000", "4096"),
        // Dynamo, which puts a class in front of its workers' words
        tooLong(
            "InvalidRequest: ValueError: The decoder prompt (length 2504) is longer than the maximum"
                + " model length of 2000.",
            "2504",
            "2000"),
        // the embedded worker, for an embedding
        tooLong("The text has 2000 tokens, but the context holds 1022", "2000", "1022"));
  }

  @ParameterizedTest
  @MethodSource("promptsThatAreTooLong")
  void aPromptThatIsTooLongIsContextLengthExceeded(String words, String size, String limit) {
    for (BackendCode code :
        new BackendCode[] {
          BackendCode.UNKNOWN, BackendCode.INTERNAL, BackendCode.INVALID_ARGUMENT
        }) {
      assertThat(ServerErrors.of(code, words))
          .returns("context_length_exceeded", BackendException::code)
          .returns(400, BackendException::status)
          .hasMessage(
              "This model's maximum context length is %s tokens, but the request has %s. Shorten the prompt or lower max_tokens."
                  .formatted(limit, size));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "index out of range in self",
        "IndexError: index out of range in self",
        "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    g()\n"
            + "IndexError: index out of range in self\n",
        "input is larger than the max context size. skipping",
        "the request exceeds the available context size. try increasing the context size"
      })
  void withoutNumbersItIsContextLengthExceededAllTheSame(String words) {
    assertThat(ServerErrors.of(BackendCode.INTERNAL, words))
        .returns("context_length_exceeded", BackendException::code)
        .returns(400, BackendException::status);
  }

  /** Words in which another text is quoted, or which only resemble those of the table. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cannot tokenize \"This model's maximum context length is 5 tokens\"",
        "cannot tokenize \"hello\nThis model's maximum context length is 5 tokens\"",
        "cannot parse 'tell me: Prompt length (9) exceeds maximum input length (5)'",
        "bad prompt `x. The prompt has 9 tokens, but the context holds 5`",
        "ValueError: cannot parse b'hello. Request for unknown model: x'",
        "template failed for \"say: cannot identify image file\"",
        "template failed for \"say: temperature must be in [0, 2], got 3\"",
        "template failed for \"InvalidRequest: x\"",
        "template failed for \"Unavailable: x\"",
        "the sum of our efforts should not exceed max_seq_len of patience",
        "temperature must be a joke",
        "indices[0,5] = 50300 is not in [0, 50257)",
        "list index out of range in self.cache lookup",
        "a user said the request exceeds the available context size",
        "the answer is that this model does not support generation"
      })
  void aTextThatIsQuotedDecidesNothing(String words) {
    assertThat(ServerErrors.of(BackendCode.INTERNAL, words))
        .returns(BackendCode.INTERNAL, BackendException::backendCode)
        .returns(502, BackendException::status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // pictures: Pillow, base64, vLLM
        "LoRA alpha is not supported, we currently support ['beta']",
        "LoRA feature is not enabled.",
        "Error generating stream: cannot identify image file <_io.BytesIO object at 0x7f>",
        "PIL.UnidentifiedImageError: cannot identify image file '/tmp/a b'",
        "image file is truncated (4 bytes not processed)",
        "Image size (400000000 pixels) exceeds limit of 178956970 pixels, could be decompression bomb"
            + " DOS attack.",
        "binascii.Error: Incorrect padding",
        "Invalid base64-encoded string: number of data characters (5) cannot be 1 more than a multiple"
            + " of 4",
        "At most 1 image(s) may be provided in one prompt.",
        "You set image=1 (or defaulted to 1) in `--limit-mm-per-prompt`, but found 2 items",
        // a model of another kind: vLLM, its Triton backend, llama.cpp
        "[vllm] Model does not support 'generate' request",
        "This model does not support generation",
        "ValueError: This model does not support pooling",
        "Unsupported task: 'embed' Supported tasks: ['classify']",
        "LLM.generate() is only supported for generative models. Try passing `--runner generate`",
        "The model does not support Embeddings API",
        "This server does not support embeddings. Start it with `--embeddings`",
        // dimensions: vLLM, SGLang
        "Model \"BAAI/bge-m3\" does not support matryoshka representation, changing output dimensions"
            + " will lead to poor results.",
        "Error generating stream: Model 'jina' only supports [32, 64] matryoshka dimensions, use other"
            + " output dimensions will lead to poor results.",
        "Dimensions must be greater than 0",
        "Provided dimensions are greater than max embedding dimension: 384",
        // Dynamo
        "InvalidRequest: max_output_tokens must be specified for mocker",
        "InvalidRequest: ValueError: no such grammar",
        "InvalidArgument: n is not supported",
        "OutOfRange: the value is too large",
        "Failed to generate completions: InvalidRequest: best_of"
      })
  void aMistakeOfTheRequestIsA400(String words) {
    for (BackendCode code : new BackendCode[] {BackendCode.UNKNOWN, BackendCode.INTERNAL}) {
      assertThat(ServerErrors.of(code, words))
          .returns(400, BackendException::status)
          .returns("invalid_request_error", BackendException::type)
          .returns(true, BackendException::saidByServer)
          .satisfies(e -> assertThat(e.getMessage()).contains(words.substring(0, 20)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Unavailable: engine shutting down | UNAVAILABLE | 503",
        "Unavailable: Stream ended before generation completed | UNAVAILABLE | 503",
        "Internal: RuntimeError: CUDA error | INTERNAL | 502",
        "DeadlineExceeded: no answer | DEADLINE_EXCEEDED | 504",
        "Cancelled: by the client | UNKNOWN | 502",
        "Unknown: something | UNKNOWN | 502",
        "RuntimeError: something | UNKNOWN | 502",
        "status: Unavailable, message: \"draining\", details: [] | UNAVAILABLE | 503",
        "status: 'Unavailable', self: \"draining\" | UNAVAILABLE | 503"
      })
  void anErrorNameBeforeTheMessageDecidesTheCode(String words, BackendCode code, int status) {
    assertThat(ServerErrors.of(BackendCode.UNKNOWN, words))
        .returns(code, BackendException::backendCode)
        .returns(status, BackendException::status)
        .hasMessage("The model server reported an error: " + words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UNKNOWN | status: OutOfRange, message: \"Error, decoded message length too large: found 5242950"
            + " bytes, the limit is: 4194304 bytes\", details: [], metadata: MetadataMap",
        "OUT_OF_RANGE | Error, decoded message length too large: found 5242950 bytes, the limit is:"
            + " 4194304 bytes"
      })
  void aRequestThatIsTooLargeForTonicIsRequestTooLarge(BackendCode code, String words) {
    assertThat(ServerErrors.of(code, words))
        .returns("request_too_large", BackendException::code)
        .returns(400, BackendException::status)
        .hasMessage("The request has 5242950 bytes, but the model server accepts at most 4194304.");
  }

  @Test
  void anExceptionInATorchServeHandlerDoesNotMeanUnavailable() {
    assertThat(ServerErrors.of(BackendCode.UNAVAILABLE, "Prediction failed"))
        .returns(BackendCode.INTERNAL, BackendException::backendCode)
        .returns(502, BackendException::status)
        .hasMessage("The model server answered UNAVAILABLE: Prediction failed");
  }

  @Test
  void otherMessagesOfAnUnavailableServerAreNotClientErrors() {
    assertThat(
            ServerErrors.of(
                BackendCode.UNAVAILABLE,
                "This model's maximum context length is 5 tokens, says a proxy"))
        .returns(503, BackendException::status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Method not found!",
        "Method not found: inference.GRPCInferenceService/ModelInfer",
        "unknown service inference.GRPCInferenceService",
        "unknown method ModelStreamInfer for service inference.GRPCInferenceService",
        "The server does not implement the method /inference.GRPCInferenceService/ModelInfer"
      })
  void aMethodThatTheServerDoesNotHaveIsAMistakeOfTheConfiguration(String words) {
    BackendException failure = ServerErrors.of(BackendCode.UNIMPLEMENTED, words);

    assertThat(failure)
        .returns(502, BackendException::status)
        .returns("server_error", BackendException::type)
        .returns("unimplemented", BackendException::code)
        .returns(BackendCode.UNIMPLEMENTED, BackendException::backendCode)
        .hasMessageContaining("'service'");
    assertThat(failure.loggableMessage()).isEqualTo(failure.getMessage());
  }

  @Test
  void aModeThatTheModelDoesNotHaveStaysTheRequests() {
    assertThat(
            ServerErrors.of(
                BackendCode.UNIMPLEMENTED,
                "ModelInfer RPC doesn't support models with decoupled transaction policy"))
        .returns(400, BackendException::status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'Traceback (most recent call last):\n  File \"m.py\", line 9, in execute\n"
            + "c_python_backend_utils.TritonModelException: Encountered an error in forwardAsync"
            + " function: oom\n\nAt:\n  /opt/model.py(145): execute\n'"
            + " | c_python_backend_utils.TritonModelException: Encountered an error in forwardAsync"
            + " function: oom",
        "'Failed to process the request(s) for model instance ''bls_0'', message: Traceback (most recent"
            + " call last):\n  File \"m.py\"\nRuntimeError: oom\n'"
            + " | Failed to process the request(s) for model instance 'bls_0', message: RuntimeError: oom",
        "'engine failed\nTraceback (most recent call last):\n  File \"m.py\"\nRuntimeError: oom'"
            + " | engine failed",
        "'Traceback (most recent call last):\n  File \"m.py\"\nKeyError: 1\n\nDuring handling of the above"
            + " exception, another exception occurred:\n\nTraceback (most recent call last):\n"
            + "  File \"n.py\"\nRuntimeError: oom\n1  0x7f /usr/lib/libnvinfer.so(+0x1)' | RuntimeError: oom"
      })
  void theExceptionOfATracebackIsTheReason(String words, String shown) {
    assertThat(ServerErrors.of(BackendCode.UNKNOWN, words))
        .hasMessage("The model server reported an error: " + shown);
  }

  @Test
  void aPromptThatIsTooLongInsideAnEnsembleIsRecognised() {
    assertThat(
            ServerErrors.of(
                BackendCode.INTERNAL,
                "Failed to process the request(s) for model instance 'bls_0', message: Traceback (most"
                    + " recent call last):\n  File \"m.py\"\n"
                    + "c_python_backend_utils.TritonModelException: Encountered an error when fetching"
                    + " new request: Prompt length (6001) exceeds maximum input length (6000). Set log"
                    + " level to info\n1  0x7f4c /usr/lib/libtensorrt_llm.so(+0x9)\n"))
        .returns("context_length_exceeded", BackendException::code);
  }
}
