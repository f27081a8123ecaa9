package io.github.openaikserve.openai.audio;

/**
 * An event of a streamed transcription. Immutable.
 *
 * <p>Source: OpenAI's schema {@code CreateTranscriptionResponseStreamEvent}.
 */
public sealed interface TranscriptionStreamEvent {
  /** Returns OpenAI's name of the event. */
  String type();

  /** An addition to the text. */
  record Delta(String delta) implements TranscriptionStreamEvent {
    @Override
    public String type() {
      return "transcript.text.delta";
    }
  }

  /** The end of the transcription, with the whole text. */
  record Done(String text) implements TranscriptionStreamEvent {
    @Override
    public String type() {
      return "transcript.text.done";
    }
  }
}
