package io.github.openaikserve.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * All that a user can call has javadoc: of types it begins with a noun phrase, of methods with a
 * verb in the third person.
 */
final class PublicJavadocTest {
  private static final Pattern NO_NOUN_PHRASE =
      Pattern.compile("(Which|Whether|Where|What|When|Who|How|No|Never|Always|Creates|Returns) .*");
  private static final Pattern VERB =
      Pattern.compile("(Called|Never [a-z]+s|Always [a-z]+s|[A-Z][a-z]+s)\\b.*");

  private final List<String> found = new ArrayList<>();

  @Test
  void publicTypesAndMethodsHaveJavadocOfTheRightForm() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  problem -> {},
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files()));
      DocTrees docs = DocTrees.instance(task);
      task.parse().forEach(unit -> new Scanner(docs, unit).scan(unit, true));
    }

    assertThat(found).isEmpty();
  }

  private static List<Path> files() throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(file -> isPublished(root.relativize(file).toString().replace('\\', '/')))
          .toList();
    }
  }

  private static boolean isPublished(String file) {
    return file.matches(
            "(openai-kserve-(core|grpc)|openai-kserve-examples/integrations/.*)/src/main/.*[.]java")
        && !file.contains("/internal/")
        && !file.endsWith("-info.java");
  }

  private final class Scanner extends TreePathScanner<@Nullable Void, Boolean> {
    private final DocTrees docs;
    private final String file;

    Scanner(DocTrees docs, CompilationUnitTree unit) {
      this.docs = docs;
      this.file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, Boolean outerIsPublic) {
      if (!outerIsPublic || !isPublic(type.getModifiers())) {
        return null;
      }
      String sentence = sentence(type.getSimpleName().toString());
      if (NO_NOUN_PHRASE.matcher(sentence).matches()) {
        found.add(file + ": " + type.getSimpleName() + " is no noun phrase: " + sentence);
      }
      return super.visitClass(type, true);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, Boolean outerIsPublic) {
      ModifiersTree modifiers = method.getModifiers();
      boolean overrides =
          modifiers.getAnnotations().stream().anyMatch(a -> a.toString().contains("Override"));
      if (isPublic(modifiers) && !overrides) {
        String sentence = sentence(method.getName().toString());
        if (method.getReturnType() != null && !VERB.matcher(sentence).matches()) {
          found.add(file + ": " + method.getName() + " does not begin with a verb: " + sentence);
        }
      }
      return null;
    }

    private String sentence(String name) {
      DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
      if (comment == null) {
        found.add(file + ": " + name + " has no javadoc");
        return "Returns";
      }
      return comment.getFirstSentence().toString().replace('\n', ' ').strip();
    }

    private boolean isPublic(ModifiersTree modifiers) {
      Set<Modifier> flags = modifiers.getFlags();
      if (getCurrentPath().getParentPath().getLeaf() instanceof ClassTree outer
          && (outer.getKind() == Tree.Kind.INTERFACE
              || outer.getKind() == Tree.Kind.ANNOTATION_TYPE)) {
        return !flags.contains(Modifier.PRIVATE);
      }
      return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
    }
  }
}
