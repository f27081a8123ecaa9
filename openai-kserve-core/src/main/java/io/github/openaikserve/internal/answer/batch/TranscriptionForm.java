package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.dialect.Transcript;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.answer.text.TextBudget;
import io.github.openaikserve.internal.answer.text.Utf8Decoder;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.batch.TranscriptionInputs;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import io.github.openaikserve.openai.audio.CreateTranscriptionRequest;
import io.github.openaikserve.openai.audio.Transcription;
import java.util.ArrayList;
import java.util.List;

/** The form of transcription and translation answers. */
final class TranscriptionForm {
  private TranscriptionForm() {}

  static BatchForm<Transcription> transcription(CreateTranscriptionRequest request) {
    return of(new TranscriptionInputs(request, false));
  }

  static BatchForm<Transcription> translation(CreateTranscriptionRequest request) {
    return of(new TranscriptionInputs(request, true));
  }

  private static BatchForm<Transcription> of(TranscriptionInputs inputs) {
    return new BatchForm<>(
        inputs,
        TranscriptionForm::limit,
        (route, outputs, head, usage) ->
            wanted(inputs.request(), transcription(route, outputs, head, usage)),
        true);
  }

  /** Returns a transcription without the words, unless the request asks for them. */
  private static Transcription wanted(CreateTranscriptionRequest request, Transcription all) {
    List<String> granularities = request.timestampGranularities();
    boolean words = granularities != null && granularities.contains("word");
    return words
        ? all
        : new Transcription(
            all.text(),
            all.language(),
            all.duration(),
            all.segments(),
            List.of(),
            all.usage(),
            all.droppedParams());
  }

  private static BatchForm.Check limit(Route route) {
    var budget = new TextBudget(route.limits().generatedText());
    boolean cumulative = isCumulative(route);
    return output -> {
      int length = ((Transcript) output).text().remaining();
      if (cumulative) {
        new TextBudget(route.limits().generatedText()).spend(length);
      } else {
        budget.spend(length);
      }
    };
  }

  private static boolean isCumulative(Route route) {
    return route.requireDialect(RequestKind.TRANSCRIPTION).cumulativeText();
  }

  /** Returns a decoder of the text of a transcript's pieces. */
  static Utf8Decoder characters(Route route) {
    return new Utf8Decoder(isCumulative(route));
  }

  private static Transcription transcription(
      Route route, List<BatchOutput> outputs, AnswerMetadata head, Usage usage) {
    var characters = characters(route);
    var text = new StringBuilder();
    String language = null;
    Double duration = null;
    List<Transcription.Segment> segments = new ArrayList<>();
    List<Transcription.Word> words = new ArrayList<>();
    for (BatchOutput output : outputs) {
      Transcript piece = (Transcript) output;
      text.append(characters.next(piece.text()));
      language = piece.language() == null ? language : piece.language();
      duration = piece.duration() == null ? duration : piece.duration();
      for (Transcript.Segment segment : piece.segments()) {
        segments.add(
            new Transcription.Segment(
                segments.size(), segment.start(), segment.end(), segment.text()));
      }
      for (Transcript.Segment word : piece.words()) {
        words.add(new Transcription.Word(word.text(), word.start(), word.end()));
      }
    }
    text.append(characters.end());
    return new Transcription(
        text.toString(), language, duration, segments, words, usage, head.droppedParams());
  }
}
