package io.github.openaikserve.llamacpp;

/** The receiver of generated text. */
interface TextSink {
  /**
   * Receives a piece of text. Blocks while the client is slow.
   *
   * @return false to stop the generation
   */
  boolean accept(String text) throws InterruptedException;
}
