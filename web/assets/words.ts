// The words that scripts say, in the page's language.
export type Words = Record<
  | "saved" | "unsaved" | "keptHere" | "offline" | "noAnswer" | "locked" | "notSaved"
  | "conflict" | "keepMine" | "takeTheirs" | "seeBoth" | "mine" | "theirs" | "useMerged" | "cancel"
  | "gone" | "writeAgain" | "letGo" | "copy" | "copied" | "closeTab" | "openFiles"
  | "keys" | "keyCheck" | "keySave" | "keyFiles" | "keyText" | "keyEditor" | "keyBar" | "keyEscape" | "keyHelp" | "keyOpen" | "keyPanels" | "keyCancel" | "close"
  | "go" | "goTo" | "goNone" | "aFile" | "aStep" | "anAction"
  | "pick" | "tooFast" | "newFile" | "newName" | "create" | "exists"
  | "run" | "fillIn" | "fillInSays" | "terminal" | "termInside" | "termInput" | "termAway" | "termBefore" | "termStarts" | "termSlow" | "termSandbox" | "termGone" | "termMuch" | "termSelect" | "termPaste"
  | "keyTerminal" | "keyLeave" | "keyTermCopy"
  | "jwt" | "jwtToken" | "jwtKeys" | "jwtHeader" | "jwtClaims" | "jwtSignature" | "jwtSigned" | "jwtPrivate" | "jwtNot" | "jwtUnreadable" | "jwtNoKeys" | "jwtNoSet" | "jwtNoKey" | "jwtAlg" | "jwtRight" | "jwtWrong" | "jwtInsecure"
  | "remove" | "reset" | "ago" | "seconds" | "minutes" | "hours",
  string
>;

export const words: Words & { editor: Record<string, string> } = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/** say fills the {holes} of a sentence. */
export function say(sentence: string, holes: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(holes[name] ?? ""));
}
