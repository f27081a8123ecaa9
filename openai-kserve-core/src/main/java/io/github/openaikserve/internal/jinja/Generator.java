package io.github.openaikserve.internal.jinja;

import java.util.Iterator;

/**
 * What {@code map}, {@code select} and their like give: elements made when they are asked for, and
 * only once. It has no length and is always true, as in Python.
 */
record Generator(Iterator<Object> elements) {}
