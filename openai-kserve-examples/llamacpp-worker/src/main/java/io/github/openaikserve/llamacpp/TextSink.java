package io.github.openaikserve.llamacpp;

/** Where a generation goes. */
interface TextSink {
  /**
   * Takes a piece of text, waiting while the receiver is slow.
   *
   * @return false when nobody wants any more
   */
  boolean accept(String text) throws InterruptedException;
}
