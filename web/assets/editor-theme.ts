// How the editor looks: the page's own colours, so that it follows the theme.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "var(--code)" },
  "&.cm-focused": { outline: "none" },
  "&.cm-focused::after": { content: '""', position: "absolute", inset: "0", zIndex: "300", border: "1px solid var(--focus)", pointerEvents: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.48" },
  ".cm-content": { caretColor: "var(--accent)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--indigo-5)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-soft)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "light-dark(#0000000a, #ffffff0a)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent-edge)" },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--not-yet-soft)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--not-yet-edge)" },
  ".cm-panels": { backgroundColor: "var(--surface-sunk)", color: "var(--ink)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--edge)" },
  ".cm-textfield": { backgroundColor: "var(--surface)", border: "1px solid var(--edge-strong)", color: "var(--ink)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--surface-raised)", border: "1px solid var(--edge-strong)", color: "var(--ink)" },
  ".cm-tooltip": { backgroundColor: "var(--surface-raised)", border: "1px solid var(--edge)", color: "var(--ink)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--surface-hover)", border: "none", color: "var(--ink-soft)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.typeName, tags.bool, tags.null], color: "var(--indigo-11)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--green-11)" },
  { tag: [tags.number], color: "var(--not-yet)" },
  { tag: [tags.comment], color: "var(--ink-soft)", fontStyle: "italic" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName), tags.propertyName, tags.attributeName], color: "var(--violet-11)" },
  { tag: [tags.heading, tags.strong], fontWeight: "bold" },
  { tag: [tags.emphasis], fontStyle: "italic" },
  { tag: [tags.link, tags.url], color: "var(--accent-ink)" },
  { tag: [tags.invalid], color: "var(--dead)" },
]);

export const editorTheme = [theme, syntaxHighlighting(colours)];
