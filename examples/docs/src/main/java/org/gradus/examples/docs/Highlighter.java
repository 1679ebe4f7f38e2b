package org.gradus.examples.docs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Marks the words of code by what they are, as HTML. */
final class Highlighter {
  /** Whatever begins first wins: a comment, a string, a word of the language, a number. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>//[^\\n"
              + "]*|(?s:/\\*.*?\\*/))|(?<string>\"(?:\\\\.|[^\"\\\\\\n"
              + "])*\"|'(?:\\\\.|[^'\\\\\\n"
              + "])+')"
              + "|(?<word>@\\w+|\\b(?:abstract|boolean|break|byte|case|catch|char|class|continue"
              + "|default|do|double|else|enum|extends|final|finally|float|for|if|implements|import"
              + "|instanceof|int|interface|long|new|null|package|private|protected|public|record"
              + "|return|short|static|super|switch|this|throw|throws|true|false|try|var|void|while)\\b)"
              + "|(?<number>\\b\\d[\\w.]*\\b)");

  private Highlighter() {}

  /** Java, with marks. */
  static String java(String code) {
    StringBuilder html = new StringBuilder();
    Matcher token = TOKEN.matcher(code);
    int end = 0;
    while (token.find()) {
      html.append(escaped(code.substring(end, token.start())));
      html.append("<span class=\"%s\">%s</span>".formatted(kind(token), escaped(token.group())));
      end = token.end();
    }
    return html.append(escaped(code.substring(end))).toString();
  }

  private static String kind(Matcher token) {
    if (token.group("comment") != null) {
      return "c";
    }
    if (token.group("string") != null) {
      return "s";
    }
    return token.group("word") != null ? "k" : "n";
  }

  /** Text as it stands between tags, or in an attribute. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
