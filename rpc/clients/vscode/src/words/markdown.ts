// Markdown of plain text: nothing in it becomes a link, an image, an icon, HTML or a table.

const PUNCTUATION = /[!-/:-@[-`{-~]/g;

/** Returns plain text as Markdown that shows it as it is. */
export function escape(text: string): string {
  // Source: CommonMark 0.31, section 2.4: a backslash before any ASCII punctuation character
  // shows that character. `:`, `.` and `@` too, or bare addresses would become links.
  return text.replace(PUNCTUATION, "\\$&");
}

/** Returns a table; the first column is text, the others are figures. Cells are Markdown; rows may be short. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? ":--" : "--:"));
  return [head, rule, ...rows].map(line).join("\n");
}
