/**
 * A training run as one page: a file that any browser opens, without a network and without scripts,
 * on a phone as on a desktop.
 *
 * <pre>{@code
 * new Report("Handwritten digits", net)
 *     .history(trainer.history())
 *     .best(trainer.best())
 *     .setting("seed", "1")
 *     .classified(split.test(), List.of("0", "1", "2"), 100)
 *     .command("java -jar digits.jar --seed 1")
 *     .write(Path.of("report.html"));
 * }</pre>
 *
 * <pre>
 *   Report            what is told of a run, and the order of the sections
 *     Judged          one walk over the classified data, for three sections
 *     Curves, ...     one class for each section, from values to HTML
 *       Plot, Tiles   curves as SVG, arrays as PNG
 *         Html        escaping, tables
 * </pre>
 *
 * <p>A section is left out where there is nothing for it. One that cannot be made says why.
 */
@NullMarked
package org.gradus.report;

import org.jspecify.annotations.NullMarked;
