package io.github.openaikserve.internal.jinja;

import java.util.Iterator;

/**
 * The lazy result of filters such as {@code map} and {@code select}. It can be iterated once, has
 * no length and is always true, as in Python.
 */
record Generator(Iterator<Object> elements) {}
