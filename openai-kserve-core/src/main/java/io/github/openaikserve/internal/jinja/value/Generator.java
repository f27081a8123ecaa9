package io.github.openaikserve.internal.jinja.value;

import java.util.Iterator;

/**
 * The lazy result of filters such as {@code map} and {@code select}. It can be iterated once, has
 * no length and is always true, as in Python.
 */
public record Generator(Iterator<Object> elements) {}
