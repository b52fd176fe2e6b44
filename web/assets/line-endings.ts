// The ends of lines. The editor knows one, "\n"; a file keeps those that it has.

const anyEnd = /\r\n?|\n/g;

/** withoutEndings is the text as the editor has it. */
export function withoutEndings(text: string): string {
  return text.replace(anyEnd, "\n");
}

/** keepEndings is the editor's text with the ends of lines that the file had before: each line its own, and a new one what most of them have. */
export function keepEndings(before: string, text: string): string {
  if (!before.includes("\r")) return text;
  const old = before.split(anyEnd);
  const now = text.split("\n");
  const ends = before.match(anyEnd) ?? [];
  const usual = mostFrequent(ends);
  let above = 0;
  while (above < Math.min(old.length, now.length) && old[above] === now[above]) above++;
  let below = 0;
  while (below < Math.min(old.length, now.length) - above && old.at(-1 - below) === now.at(-1 - below)) below++;
  const moved = old.length - now.length;
  return now.map((line, i) => {
    if (i === now.length - 1) return line;
    const changed = i >= above && i < now.length - below;
    const end = changed ? (i < old.length - below ? ends[i] : usual) : ends[i < above ? i : i + moved];
    return line + (end ?? usual);
  }).join("");
}

function mostFrequent(ends: string[]): string {
  const count = (end: string) => ends.filter((other) => other === end).length;
  return ["\r\n", "\n", "\r"].reduce((most, end) => (count(end) > count(most) ? end : most));
}
