/**
 * Translates OpenAI requests into KServe v2 (Open Inference Protocol) tensors and back.
 *
 * <p>Core has no I/O, no threads and no clock of its own. Begin with {@code
 * io.github.openaikserve.OpenAiKServe}.
 */
module openaikserve.core {
  requires static transitive org.jspecify;
  requires static com.networknt.schema;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;

  exports io.github.openaikserve;
  exports io.github.openaikserve.backend;
  exports io.github.openaikserve.chat;
  exports io.github.openaikserve.dialect;
  exports io.github.openaikserve.error;
  exports io.github.openaikserve.http;
  exports io.github.openaikserve.kserve;
  exports io.github.openaikserve.openai;
  exports io.github.openaikserve.testing;
}
