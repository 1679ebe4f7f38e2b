/**
 * A page on which one watches backpropagation: each number, and who is multiplied with whom, is
 * computed by the library, and written into the page as data. Read {@link
 * org.gradus.examples.explain.Page} first, then its chapters; the program is {@link
 * org.gradus.examples.Explain}.
 */
@NullMarked
package org.gradus.examples.explain;

import org.jspecify.annotations.NullMarked;
