package io.github.openaikserve.internal.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates of strangers that ask for as much of a processor as they can get. */
class HostileTemplatesTest {
  private static final String DEEP =
      "{% set ns = namespace(x=START,y=START) %}{% for i in range(60) %}"
          + "{% set ns.x = PAIRX %}{% set ns.y = PAIRY %}{% endfor %}";
  private static final String LISTS =
      DEEP.replace("START", "[1]")
          .replace("PAIRX", "[ns.x, ns.x]")
          .replace("PAIRY", "[ns.y, ns.y]");
  private static final String TUPLES =
      DEEP.replace("START", "(1,)")
          .replace("PAIRX", "(ns.x, ns.x)")
          .replace("PAIRY", "(ns.y, ns.y)");
  private static final LocalDateTime NOW = LocalDateTime.of(2025, 1, 2, 0, 0);
  private static final String TEXTS =
      "{% set s = 'a'*1000000 %}{% set r = 'a'*999999 ~ 'b' %}{% set h = 'a'*500000 ~ 'b' %}"
          + "{% set w = ' '*1000000 %}{% set l = [0]*1000000 %}"
          + "{% set u = '\u03a3'*1000000 %}";

  @ParameterizedTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  @ValueSource(
      strings = {
        "{{ [ns.x, ns.y] | unique | list | length }}",
        "{{ {ns.x: 1} | length }}",
        "{{ {ns.x: 1, ns.y: 2} | length }}",
        "{{ ns.x == ns.y }}",
        "{{ ns.x in [ns.y] }}",
        "{{ [ns.x, ns.y] | sort | length }}",
        "{{ ns.x < ns.y }}",
        "{{ ns.x | string | length }}",
        "{{ [ns.x] | groupby(0) | list | length }}",
        "{{ {'a': ns.x, 'b': ns.y} | dictsort(by='value') | length }}",
      })
  void valuesThatShareTheirPartsEnd(String end) {
    ends(LISTS + end);
    ends(TUPLES + end);
  }

  @ParameterizedTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  @ValueSource(
      strings = {
        "s | upper",
        "s | lower",
        "s | title",
        "s | capitalize",
        "s | wordcount",
        "s | int",
        "s | float",
        "s | escape",
        "s | length",
        "s | reverse",
        "s | truncate(5)",
        "s | urlencode",
        "s | urlize",
        "('@' * 1000000) | urlize",
        "('a.' * 500000) | urlize",
        "('www.a-b.' * 100000) | urlize(5)",
        "('a@b.c ' * 100000) | urlize",
        "'a:b' | urlize(extra_schemes=['aa:'] * 1000000)",
        "s | striptags",
        "s | wordwrap(5)",
        "s | string",
        "l | string",
        "l | sum",
        "l | min",
        "l | unique",
        "l | sort",
        "s | map('int') | sum",
        "('x_1 ' * 250000) | map('float') | sum",
        "s | sort(attribute='a')",
        "s | sort(attribute=0)",
        "s | selectattr('a') | list",
        "s | rejectattr('a.b') | list",
        "s | map(attribute='a') | list",
        "s | map('map', 'upper') | list",
        "w | trim",
        "w.strip()",
        "s.strip('ab')",
        "w.split()",
        "w.rsplit(none, 3)",
        "s.upper()",
        "s.title()",
        "s.swapcase()",
        "u.zfill(5)",
        "([5e-324] * 1000) | tojson",
        "([1e300] * 1000) | join",
        "([5e-324] * 1000) | map('string') | list",
        "([7 ** 2800] * 100) | join",
        "[l] | tojson",
        "u.ljust(5)",
        "u.rjust(5)",
        "u.center(5)",
        "s.casefold()",
        "s.isdigit()",
        "s.isalpha()",
        "s.isspace()",
        "s.islower()",
        "s.find('b')",
        "s.rfind('b')",
        "s.count('b')",
        "s.find('a', 999990)",
        "s.startswith(r)",
        "s.endswith(r)",
        "s.partition('b')",
        "s.replace('b', '')",
        "s.find(h)",
        "s.rfind(h)",
        "s.count(h)",
        "s.replace(h, '')",
        "s.split(h)",
        "('a ' * 500000).split()",
        "s.rsplit(h, 2)",
        "s.partition(h)",
        "h in s",
        "'b' in s",
        "s == r",
        "s < r",
        "s is lower",
        "1 in l",
        "l == l + []",
        "s[-1]",
        "s[1:5]",
        "s[::2]",
        "'{}'.format(s)",
        "'%s' % s",
        "s | tojson",
        "s ~ 'b'",
        "l ~ 'b'",
        "'%s' % [l]",
        "'%r' % [l]",
        "'{}'.format(l)",
        "'{!r}'.format(l)",
        "l | pprint",
        "l | join",
        "[l] | join",
        "l | upper",
        "{'a': l} | string",
        "','.join(s)",
        "s.join('abc')",
        "strftime_now('%Y %B %d' * 1000)",
        "strftime_now(s)",
        "[{'a': 1}] | map(attribute=s) | list",
        "'%5.3s' % s",
        "'{:.3}'.format(s)",
        "s | min",
        "s is iterable",
        "('1' * 1000000) | filesizeformat",
        "('1' * 1000000) | float",
        "('{' ~ '1' * 1000000 ~ '}').format(1)",
        "('a-' * 500000) | title",
        "('a\\t' * 500000).expandtabs(2)",
        "s.translate({97: 'b'})",
        "s.isidentifier()",
        "s.istitle()",
        "s.isprintable()",
        "s.maketrans(s, s)",
        "[{'a': s}, {'a': r}] | sort(attribute='a,b')",
        "{'b': l, 'a': [l]} | pprint",
        "s.count('')",
        "('\u00e9' * 1000000) | tojson(ensure_ascii=true)",
        "('\\x01' * 1000000) | pprint",
        "('a ' * 500000) | wordwrap(3)",
        "('a-' * 500000) | wordwrap(3)",
        "('a\\n' * 500000) | wordwrap(3)",
        "w | wordwrap(3)",
        "('<!---->' * 100000) | striptags",
        "('<a>' * 300000) | striptags",
        "('\u00df' * 1000000) | upper",
        "('\u0130' * 1000000) | lower",
        "('\u03a3' * 1000000) | lower",
        "('\u00df' * 1000000) | title",
        "('\u00df' * 1000000) | capitalize",
        "('\u00df' * 1000000).upper()",
        "('\u0130' * 1000000).lower()",
        "('\u03a3' * 1000000).title()",
        "('\u00df' * 1000000).swapcase()",
        "('\ufb03' * 1000000).casefold()",
        "[('\u0130' * 1000000), ('\u03a3' * 1000000)] | sort",
      })
  void readingALongTextAgainAndAgainEnds(String expression) {
    String loop = TEXTS + "{% for i in range(100000) %}{% set x = EXPRESSION %}{% endfor %}ok";

    ends(loop.replace("EXPRESSION", expression));
  }

  @ParameterizedTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  @ValueSource(
      strings = {
        "('<!--' * 250000) | striptags",
        "('<' * 1000000) | striptags",
        "('<!-' * 250000 ~ '-') | striptags",
        "('\u00df' * 1000000) | upper",
        "('\u00df' * 1000000) | title",
        "('\ufb03' * 1000000) | capitalize",
        "('\u0130' * 1000000) | lower",
        "('\u03a3' * 1000000) | lower",
        "('\u03a3.' * 500000) | lower",
        "('\u03a3' * 1000000).title()",
        "('\u0130' * 1000000).casefold()",
        "('\u00df' * 1000000).swapcase()",
        "(' ' * 1000000) | wordwrap(1)",
        "('\u00a0' * 1000000 ~ 'a') | wordwrap(1)",
        "('-' * 1000000) | wordwrap(3)",
        "('a--' * 300000) | wordwrap(300000)",
        "('-' * 1000000) | wordwrap(999999)",
        "strftime_now('%Y' * 1000000)",
        "[[[[1]]]] | tojson(indent='a' * 4000000)",
      })
  void oneLongTextEnds(String expression) {
    ends("{{ (EXPRESSION) | length }}".replace("EXPRESSION", expression));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(100) %}{% set x = ('a ' * 500000).split() %}{% endfor %}",
        "{{ (('a ' * 500000).split() * 16) | length }}",
      })
  void splittingALongTextAgainIsRefusedWithinTheBudget(String source) {
    assertThatExceptionOfType(JinjaException.class)
        .isThrownBy(() -> JinjaTemplate.parse(source).render(new HashMap<>()))
        .withMessageContaining("the template takes more than");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ raise_exception('a' * 10000000) }}",
        "{{ [1]['a' * 1000000] + 1 }}",
        "{{ [][('a' * 1000000,)] + 1 }}",
        "{{ [].index('a' * 1000000) }}",
        "{{ ('a' * 1000000) | filesizeformat }}",
        "{{ 1 | map('a' * 1000000) }}",
      })
  void theMessageOfAFailureIsShort(String source) {
    assertThatExceptionOfType(JinjaException.class)
        .isThrownBy(() -> JinjaTemplate.parse(source).render(new HashMap<>()))
        .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(1_100));
  }

  @ParameterizedTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  @ValueSource(
      strings = {
        "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{% if not (i == j or i + j < 3 and"
            + " 'a' is string) %}{% set x = 1 if i else 2 %}{% endif %}{% endfor %}{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{{ 'a'|upper|lower|trim }}{%"
            + " endfor %}{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{% set x = {'a': 1, 'b': [i, j]}.a"
            + " %}{% endfor %}{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{% set x = ''.join(['a', 'b'])"
            + " %}{% endfor %}{% endfor %}",
        "{% set x = 10 ** 2000 %}{% for i in range(100000) %}{% set y = x|string %}{% endfor %}",
        "{% set x = 10 ** 2000 %}{% for i in range(100000) %}{% set y = x * x %}{% endfor %}",
      })
  void computingAgainAndAgainEnds(String source) {
    ends(source);
  }

  /** Renders a template, which ends by itself or because its budget is used up. */
  void ends(String source) {
    ends(source, 1L << 23); // a quarter of what a template may use
  }

  static void ends(String source, long steps) {
    try {
      JinjaTemplate.parse(source).render(new HashMap<>(), () -> NOW, steps);
    } catch (JinjaException e) {
      assertThat(e).hasMessageNotContaining("\n");
    }
  }
}
