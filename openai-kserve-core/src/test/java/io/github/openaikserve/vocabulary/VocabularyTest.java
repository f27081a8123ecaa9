package io.github.openaikserve.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No code, message, page or name of a test has a word of {@code vocabulary.txt}. */
final class VocabularyTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path LIST = Path.of("src/test/resources/vocabulary.txt");
  private static final Set<String> NOT_OURS =
      Set.of("target", ".git", "node_modules", "build", ".mvn", "applications-repository");
  private static final Pattern PAGE = Pattern.compile(".*\\.(md|yaml|yml|html)");
  private static final Pattern TEST_NAME = Pattern.compile("\\bvoid (\\w+)\\(");

  private final List<Word> words = read();
  private final Map<Word.Kind, Pattern> all = new EnumMap<>(Word.Kind.class);

  @Test
  void noCommentMessageNameOrPageUsesAListedWord() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files()) {
      String text = Files.readString(file);
      String name = ROOT.relativize(file).toString().replace('\\', '/');
      if (PAGE.matcher(name).matches()) {
        find(Word.Kind.TEXT, text, name, found);
      } else if (name.contains("/src/main/")) {
        var java = new JavaText(text);
        find(Word.Kind.TEXT, java.words(), name, found);
        find(Word.Kind.NAME, java.code(), name, found);
      } else {
        TEST_NAME.matcher(text).results().forEach(m -> findInName(m.group(1), name, found));
      }
    }

    assertThat(found).isEmpty();
  }

  @Test
  void aPhraseIsFoundAcrossLinesOfACommentAndOfAString() {
    List<String> found = new ArrayList<>();

    find(Word.Kind.TEXT, new JavaText("/** Runs for\n * ever. */").words(), "comment", found);
    find(Word.Kind.TEXT, new JavaText("x(\"runs for\"\n  + \" ever\")").words(), "string", found);

    assertThat(found).hasSize(2).first().asString().startsWith("comment:1 ");
  }

  @Test
  void codeIsNotTextAndTextIsNotCode() {
    var java = new JavaText("int nobody = '\"'; // a \"Pipe\"\nString s = \"\\\"nobody\"; Pipe p;");
    List<String> text = new ArrayList<>();
    List<String> names = new ArrayList<>();

    find(Word.Kind.TEXT, java.words(), "F", text);
    find(Word.Kind.NAME, java.code(), "F", names);

    assertThat(text).hasSize(1).first().asString().startsWith("F:2 'nobody'");
    assertThat(names).hasSize(1).first().asString().startsWith("F:2 'Pipe'");
  }

  @Test
  void theNameOfATestIsReadAsWords() {
    List<String> found = new ArrayList<>();

    findInName("aCallThatNobodyReadsIsCancelled", "F", found);

    assertThat(found).hasSize(1);
  }

  private void findInName(String test, String file, List<String> found) {
    String sentence = test.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z])", " ");
    find(Word.Kind.TEXT, sentence.toLowerCase(Locale.ROOT), file + " " + test, found);
  }

  private void find(Word.Kind kind, String text, String file, List<String> found) {
    if (!any(kind).matcher(text.replaceAll("[\\s\0]+", " ")).find()) {
      return;
    }
    for (Word word : words) {
      if (word.kind() == kind) {
        word.pattern().matcher(text).results().forEach(m -> found.add(line(m, text, file, word)));
      }
    }
  }

  /** Returns a pattern that finds any word of a kind, much faster than one after the other. */
  private Pattern any(Word.Kind kind) {
    return all.computeIfAbsent(
        kind,
        k ->
            Pattern.compile(
                words.stream()
                    .filter(word -> word.kind() == k)
                    .map(word -> word.pattern().pattern())
                    .map(pattern -> pattern.startsWith("\\b") ? pattern.substring(2) : pattern)
                    .collect(Collectors.joining("|", "\\b(?:", ")"))));
  }

  private static String line(MatchResult match, String text, String file, Word word) {
    long line = text.substring(0, match.start()).chars().filter(c -> c == '\n').count() + 1;
    return file + ":" + line + " '" + match.group() + "', write: " + word.instead();
  }

  private static List<Word> read() {
    try {
      return Word.read(LIST);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return NOT_OURS.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.toString();
            if (PAGE.matcher(name).matches() || name.endsWith(".java")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
