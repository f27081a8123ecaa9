package io.github.openaikserve.error;

import java.util.List;

/**
 * The table of the model servers' error messages and their meanings. This is the only such table.
 *
 * <p><b>Source:</b> vLLM ({@code vllm/v1/engine/input_processor.py}, {@code
 * vllm/renderers/params.py}, {@code vllm/pooling_params.py}, issues 10440, 20409 and 42474);
 * TensorRT-LLM ({@code llmapi/llm.py}, {@code batch_manager}, issues 88 and 565 of
 * tensorrtllm_backend); transformers ({@code generation/utils.py}, {@code
 * tokenization_utils_base.py}); llama.cpp ({@code tools/server}); llama-cpp-python; SGLang ({@code
 * managers/tokenizer_manager.py}); Text Generation Inference ({@code router/src/validation.rs});
 * tonic ({@code codec/decode.rs}); Pillow; the reference server's own worker.
 */
final class ErrorRows {
  private static final String SIZE = "(?<size>\\d{1,9})";
  private static final String LIMIT = "(?<limit>\\d{1,9})";

  /** The first row that matches applies. */
  static final List<ErrorRow> ROWS =
      List.of(
          // llama-cpp-python
          ErrorRow.tooLong("Requested tokens \\(" + SIZE + "\\) exceed context window of " + LIMIT),
          // llama.cpp
          ErrorRow.tooLong(
              "(?:[Tt]he )?request(?: \\("
                  + SIZE
                  + " tokens\\))? exceeds the available context size(?: \\("
                  + LIMIT
                  + " tokens\\))?"),
          ErrorRow.tooLong(
              "(?:[Tt]he )?input (?:\\("
                  + SIZE
                  + " tokens\\) )?is too large to process\\. increase the physical batch size"
                  + "(?: \\(current batch size: "
                  + LIMIT
                  + "\\))?"),
          ErrorRow.tooLong("(?:[Tt]he )?input is larger than the max context size"),
          // vLLM
          ErrorRow.tooLong(
              "(?:The )?(?:\\w{1,20} )?[Pp]rompt (?:\\((?:total )?length |length of )"
                  + SIZE
                  + "\\)?(?: plus the number of requested output tokens \\(at least \\d{1,9}\\))?"
                  + " is (?:longer than the maximum model length of"
                  + "|too long to fit into the model \\(context length) "
                  + LIMIT),
          ErrorRow.tooLong(
              "Input prompt \\("
                  + SIZE
                  + " tokens\\) is too long and exceeds (?:the )?limit of "
                  + LIMIT),
          ErrorRow.tooLong(
              "[Tt]his model's maximum context length is "
                  + LIMIT
                  + " tokens, but the prompt contains "
                  + SIZE
                  + " input tokens"),
          ErrorRow.tooLong(
              "[Tt]his model's maximum context length is "
                  + LIMIT
                  + " tokens\\.\\s{1,4}However, you requested \\d{1,9} output tokens and your prompt"
                  + " contains (?:at least )?\\d{1,9} input tokens, for a total of (?:at least )?"
                  + SIZE
                  + " tokens"),
          ErrorRow.tooLong(
              "[Tt]his model's maximum context length is "
                  + LIMIT
                  + " tokens(?:\\.\\s{1,4}However, (?:you requested|your request has"
                  + "|your messages resulted in|your prompt contains)(?: at least)? "
                  + SIZE
                  + " (?:input )?tokens)?"),
          // SGLang
          ErrorRow.tooLong(
              "(?:The )?[Ii]nput (?:length )?\\("
                  + SIZE
                  + " tokens\\) (?:is longer than the model's context length"
                  + "|exceeds the maximum allowed length) \\("
                  + LIMIT
                  + " tokens\\)"),
          ErrorRow.tooLong(
              "Requested token count exceeds the model's maximum context length of "
                  + LIMIT
                  + " tokens(?:\\. You requested a total of "
                  + SIZE
                  + " tokens)?"),
          // TensorRT-LLM; OpenVINO Model Server and Dynamo's routers send similar messages
          ErrorRow.tooLong(
              "(?:The )?(?:Number of )?[Pp]rompt (?:token )?(?:length|tokens|count)(?: of|:)? \\(?"
                  + SIZE
                  + "\\)? (?:tokens )?exceeds? (?:the )?(?:model'?s? )?(?:maximum |max )?"
                  + "(?:input|sequence|context|model) (?:max )?(?:length|window|size)"
                  + "(?:(?: of|:)? \\(?"
                  + LIMIT
                  + "\\)?)?"),
          ErrorRow.tooLong( // the message does not contain the sum
              "(?:The )?sum of prompt length [^\\n]{0,200}should not exceed"
                  + " max_(?:seq_len|num_tokens|input_len)(?: \\("
                  + LIMIT
                  + "\\))?(?<size>)"),
          ErrorRow.tooLong(
              "`?default_max_tokens`? (?:\\(-?\\d{1,9}\\) )?(?:should|must) be greater than 0"
                  + "[^\\n]{0,80}max_seq_len`? \\("
                  + LIMIT
                  + "\\)(?: - `?splited_prompt_len`? \\("
                  + SIZE
                  + "\\))?"),
          // transformers on PyTorch and on TensorFlow
          ErrorRow.tooLong(
              "Token indices sequence length is longer than the specified maximum sequence length"
                  + " for this model \\("
                  + SIZE
                  + " > "
                  + LIMIT
                  + "\\)"),
          ErrorRow.tooLong(
              "Input length of \\w{1,30} is "
                  + SIZE
                  + ", but [`']max_length[`'] is set to "
                  + LIMIT),
          ErrorRow.tooLong("index out of range in self\\s{0,4}(?:$|\\n)"),
          ErrorRow.tooLong( // the index is a position; with another value it is a token id
              "indices\\[\\d{1,9}," + SIZE + "\\] = \\k<size> is not in \\[0, " + LIMIT + "\\)"),
          // Text Generation Inference
          ErrorRow.tooLong(
              "`inputs` (?:tokens \\+ `max_new_tokens` must be <=|must have less than) "
                  + LIMIT
                  + "(?: tokens)?\\. Given: "
                  + SIZE),
          // the reference server's worker
          ErrorRow.tooLong(
              "The (?:prompt|text) has (?:"
                  + SIZE
                  + " tokens|\\d{1,10} characters), but the context holds "
                  + LIMIT),
          // tonic; Dynamo's workers quote its status
          ErrorRow.meaning(
              BackendCode.REQUEST_TOO_LARGE,
              "(?:status: '?OutOfRange'?, message: \")?(?:Error, )?decoded message length too"
                  + " large: found (?<size>\\d{1,15}) bytes, the limit is: (?<limit>\\d{1,15})"
                  + " bytes"),
          // fields that vLLM rejects
          ErrorRow.invalid(
              "(?:top_p|top_k|min_p|min_tokens|max_tokens|temperature|\\w{1,12}_penalty|n|seed"
                  + "|logprobs|prompt_logprobs) must be (?:in [(\\[]|at least |non-negative"
                  + "|greater than |less than |no less than |no greater than |positive|between"
                  + "|either |an? (?:positive |non-negative )?(?:int|float|number)|0|-1)"),
          // pictures: Pillow and vLLM
          ErrorRow.invalid("cannot identify image file"),
          ErrorRow.invalid("image file is truncated"),
          ErrorRow.invalid("broken data stream when reading image file"),
          ErrorRow.invalid("Image size \\(\\d{1,15} pixels\\) exceeds limit of \\d{1,15} pixels"),
          ErrorRow.invalid("Failed to load image"),
          ErrorRow.invalid("Incorrect padding\\s{0,4}(?:$|\\n)"),
          ErrorRow.invalid(
              "Invalid base64-encoded string: number of data characters \\(\\d{1,15}\\)"),
          ErrorRow.invalid("At most \\d{1,9} \\w{1,20}(?:\\(s\\))? may be provided in one "),
          ErrorRow.invalid(
              "You set \\w{1,20}=\\d{1,9} \\(or defaulted to \\d{1,9}\\) in `--limit-mm-per-prompt`"),
          ErrorRow.invalid("The \\w{1,20} prompt contains a\\(n\\) \\w{1,20} item with length \\d"),
          // a model that does not support the task: vLLM, its Triton backend, llama.cpp, SGLang
          ErrorRow.invalid(
              "(?:\\w[\\w./ -]{0,80} |Model ['\"][^'\"\\n]{1,200}['\"] )?does not support"
                  + " '\\w{1,20}' requests?"),
          ErrorRow.invalid(
              "Th(?:e|is) (?:model|server) does not support (?:generation|pooling|embeddings?"
                  + "|completions?|chat|(?:the )?(?:Embeddings|Completions|Chat Completions) API)"),
          ErrorRow.invalid("Unsupported task: '\\w{1,30}' Supported tasks: "),
          ErrorRow.invalid("LLM\\.\\w{1,20}\\(\\) is only supported for "),
          ErrorRow.invalid("This model does not appear to be an embedding model"),
          // embeddings: vLLM and SGLang
          ErrorRow.invalid(
              "Model ['\"][^'\"\\n]{1,200}['\"] (?:does not support matryoshka representation"
                  + "|only supports [^\\n]{0,200} matryoshka dimensions)"),
          ErrorRow.invalid("(?:Requested )?[Dd]imensions must be greater than 0"),
          ErrorRow.invalid("Provided dimensions are greater than max embedding dimension"),
          ErrorRow.invalid("dimensions is currently not supported"),
          // LoRA adapters: vLLM's Triton backend
          ErrorRow.invalid("LoRA \\S{1,200} is not supported"),
          ErrorRow.invalid("LoRA feature is not enabled"),
          // Triton: the model is unknown, was unloaded or is being loaded
          ErrorRow.meaning(
              BackendCode.UNAVAILABLE,
              "Request for unknown model: '[^'\\n]{1,300}' has no available versions"),
          ErrorRow.meaning(BackendCode.NOT_FOUND, "Request for unknown model: "),
          // MLServer: the model is being loaded
          ErrorRow.meaning(BackendCode.UNAVAILABLE, "Model [^\\n]{1,300} is not ready yet"),
          // TorchServe: the handler raised an exception and would raise it again
          ErrorRow.of(BackendCode.UNAVAILABLE, BackendCode.INTERNAL, "Prediction failed"));

  private ErrorRows() {}
}
