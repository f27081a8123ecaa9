/**
 * OpenAI's objects of decisions.
 *
 * <p>Source: OpenAI's schemas {@code DecisionRequest} and {@code DecisionResponse}, as {@code
 * openai-java} 4.101.0 has them.
 */
@NullMarked
package io.github.openaikserve.openai.decisions;

import org.jspecify.annotations.NullMarked;
