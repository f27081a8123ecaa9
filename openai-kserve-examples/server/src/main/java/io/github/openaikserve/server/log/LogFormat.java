package io.github.openaikserve.server.log;

/** The format of log lines. */
public enum LogFormat {
  /** One line of text for each event. */
  TEXT,

  /** One JSON object on one line for each event. */
  JSON
}
