package org.gradus.autograd.testkit;

import org.junit.jupiter.api.function.Executable;

/** A call that must be refused, with an exception of this very type and this message. */
record WrongCall(Class<? extends IllegalArgumentException> type, String message, Executable call) {}
