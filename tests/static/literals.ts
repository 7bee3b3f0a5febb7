/** The texts in a TypeScript source: its strings, and its templates with `${}` where they are cut. Comments and regular expressions are none. */
export interface Literal {
  readonly line: number;
  readonly text: string;
}

export function literals(source: string): Literal[] {
  const found: Literal[] = [];
  /** Braces that are open within each template that is. */
  const open: number[] = [];
  let at = 0;
  let line = 1;
  let before = "";
  const skip = (to: number): void => {
    line += source.slice(at, to).split("\n").length - 1;
    at = to;
  };
  const template = (): void => {
    let text = "";
    const begun = line;
    while (at < source.length && source[at] !== "`" && !source.startsWith("${", at)) {
      const length = source[at] === "\\" ? 2 : 1;
      text += source.slice(at, at + length);
      skip(at + length);
    }
    const cut = source[at] !== "`";
    if (cut) open.push(0);
    at += cut ? 2 : 1;
    if (cut || text !== "") found.push({ line: begun, text: cut ? `${text}\${}` : text });
    before = cut ? "{" : "`";
  };
  const until = (end: RegExp): string => {
    end.lastIndex = at;
    const text = end.exec(source)?.[0] ?? source.slice(at);
    skip(at + text.length);
    return text;
  };
  while (at < source.length) {
    const character = source[at] ?? "";
    if (source.startsWith("//", at)) until(/[^\n]*/y);
    else if (source.startsWith("/*", at)) until(/\/\*[^]*?\*\//y);
    else if (character === "/" && !/[\w)\]"'`]/.test(before)) {
      until(/\/(?:\\.|\[(?:\\.|[^\]])*\]|[^/])+\/\w*/y);
      before = ")";
    } else if (character === '"' || character === "'") {
      const begun = line;
      found.push({ line: begun, text: until(character === '"' ? /"(?:\\.|[^"])*"/y : /'(?:\\.|[^'])*'/y).slice(1, -1) });
      before = character;
    } else if (character === "`" || (character === "}" && open.at(-1) === 0)) {
      if (character === "}") open.pop();
      at += 1;
      template();
    } else {
      if (open.length > 0 && (character === "{" || character === "}")) open.push((open.pop() ?? 0) + (character === "{" ? 1 : -1));
      if (character.trim() !== "") before = character;
      skip(at + 1);
    }
  }
  return found;
}
