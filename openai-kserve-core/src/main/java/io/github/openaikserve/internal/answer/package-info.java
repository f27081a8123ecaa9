/**
 * From a request object to its answer: calls, the decoding of their responses, deadline and
 * observation.
 *
 * <p>This package depends neither on HTTP nor on the JSON of answers. Begin with {@link
 * io.github.openaikserve.internal.answer.Engine}, which prepares an answer, and {@link
 * io.github.openaikserve.internal.answer.AnswerSink}, which receives it.
 */
@NullMarked
package io.github.openaikserve.internal.answer;

import org.jspecify.annotations.NullMarked;
