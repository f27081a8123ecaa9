package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.request.field.FieldNames;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of the fields of a Responses API request, by the names of a chat's fields. */
final class ResponseFieldNames {
  private static final FieldNames NAMES =
      new FieldNames(
          "input",
          Map.of(
              "messages", "input",
              "response_format", "text.format",
              "reasoning_effort", "reasoning.effort",
              "verbosity", "text.verbosity",
              "max_tokens", "max_output_tokens",
              "max_completion_tokens", "max_output_tokens",
              "logprobs", "top_logprobs",
              "tools.custom.format", "tools.format"));

  /**
   * The path of a tool in the chat. Its index may differ in the request, whose hosted tools are
   * omitted.
   */
  private static final Pattern TOOL = Pattern.compile("tools\\[(\\d{1,6})]");

  private ResponseFieldNames() {}

  /** Returns the name that a chat's field, which may be a path, has in the request. */
  static String of(String param) {
    return NAMES.of(param);
  }

  /**
   * Returns a copy of a chat's failure with the name of the request's field.
   *
   * @param tools the tools of the request
   */
  static InvalidRequestException renamed(InvalidRequestException failure, ResponseTools tools) {
    InvalidRequestException renamed = NAMES.renamed(failure);
    String param = renamed.param() == null ? "" : renamed.param();
    Matcher tool = TOOL.matcher(param);
    if (!tool.lookingAt()) {
      return renamed;
    }
    String path = tools.path(Integer.parseInt(tool.group(1)));
    return new InvalidRequestException(
        renamed.status(),
        renamed.code(),
        path + param.substring(tool.end()),
        String.valueOf(renamed.getMessage()).replace("'" + tool.group(), "'" + path),
        failure);
  }
}
