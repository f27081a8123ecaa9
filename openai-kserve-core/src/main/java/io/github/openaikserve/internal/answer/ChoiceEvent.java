package io.github.openaikserve.internal.answer;

/**
 * What happens in one of the generations of a call. Immutable.
 *
 * @param index which choice of the answer it makes
 */
record ChoiceEvent(int index, GenerationEvent event) {}
