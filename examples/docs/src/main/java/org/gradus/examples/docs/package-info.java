/**
 * Makes pages for a browser of the tutorial, with a search that needs no server, and of the Javadoc
 * of all modules. Read {@link org.gradus.examples.docs.Site} first, then {@link
 * org.gradus.examples.docs.Page}.
 */
@NullMarked
package org.gradus.examples.docs;

import org.jspecify.annotations.NullMarked;
