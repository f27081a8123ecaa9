/**
 * The JSON of answers, events and requests: the names and the order of their fields. Each writer
 * has the objects of one API.
 */
@NullMarked
package io.github.openaikserve.internal.json.write;

import org.jspecify.annotations.NullMarked;
